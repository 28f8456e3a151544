import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Vault } from '../domain/vault.ts';

/** What a browser says about a passkey it used; nothing of it is proved yet. Bytes are base64url. */
export type Assertion = {
  readonly credentialId: string;
  readonly challenge: string;
  readonly handle: string | undefined;
  readonly response: z.output<typeof assertion>;
};
export type Creation = { readonly challenge: string; readonly response: z.output<typeof creation> };
export type Credential = {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  /** It may live on several devices (backup eligible), and does (backed up). */
  readonly synced: boolean;
  readonly backedUp: boolean;
  readonly aaguid: string;
};
/** As `navigator.credentials` takes them, in JSON. */
export type Options = Readonly<Record<string, unknown>>;
export type NewCredential = {
  readonly challenge: string;
  readonly handle: string;
  readonly name: string;
  readonly displayName: string;
  readonly exclude: readonly { readonly credentialId: string; readonly transports: readonly string[] }[];
};

/** WebAuthn L3, with user verification always: origin and RP id are those of the configuration. */
export interface Passkeys {
  /** 32 random bytes and an end (ms), signed for one place: nothing is stored before somebody answers. */
  challenge(place: string, until: number): string;
  /** The end of a challenge of ours for that place; undefined when it is not ours, from elsewhere, or over. */
  endOf(challenge: string, place: string, now: number): number | undefined;
  /** The same for everybody: no credential is named, so none is betrayed. */
  requestOptions(challenge: string): Options;
  creationOptions(wish: NewCredential): Options;
  readAssertion(json: string): Assertion | undefined;
  readCreation(json: string): Creation | undefined;
  /** The count and whether it is backed up; undefined for a wrong origin, RP id, signature, or an unverified user. */
  verify(
    assertion: Assertion,
    key: Pick<Credential, 'credentialId' | 'publicKey'>,
  ): Promise<Pick<Credential, 'counter' | 'backedUp'> | undefined>;
  verifyNew(creation: Creation): Promise<Credential | undefined>;
}

const NONCE = 32;
const END = 6;
const PLACE = 'passkeys.challenge';
/** ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257];
const TIMEOUT_MS = 5 * 60_000;

const piece = z.string().max(8192);
const common = { id: piece, rawId: piece, type: z.literal('public-key') };
const assertion = z.object({
  ...common,
  response: z.object({
    clientDataJSON: piece,
    authenticatorData: piece,
    signature: piece,
    userHandle: piece.optional(),
  }),
});
const creation = z.object({
  ...common,
  response: z.object({
    clientDataJSON: piece,
    attestationObject: z.string().max(24_000),
    transports: z.array(z.string().max(32)).max(8).default([]),
  }),
});
const clientData = z.object({ challenge: z.string().max(256), crossOrigin: z.boolean().optional() });

type Settings = {
  readonly origin: string;
  readonly vault: Vault;
  readonly chance: (bytes: number) => string;
};

export function webAuthn({ origin, vault, chance }: Settings): Passkeys {
  const rpId = new URL(origin).hostname;
  const macs = (head: Buffer, place: string) => vault.indexes(`${place}|${head.toString('base64url')}`, PLACE);
  /** A page of ours is never in a frame: an answer from one is refused. */
  const readClientData = (base64url: string) => {
    const said = clientData.safeParse(parsed(Buffer.from(base64url, 'base64url').toString('utf8')));
    return said.success && said.data.crossOrigin !== true ? said.data : undefined;
  };
  return {
    challenge(place, until) {
      const end = Buffer.alloc(END);
      end.writeUIntBE(until, 0, END);
      const head = Buffer.concat([Buffer.from(chance(NONCE), 'base64url'), end]);
      return Buffer.concat([head, macs(head, place)[0]]).toString('base64url');
    },
    endOf(challenge, place, now) {
      const all = Buffer.from(challenge, 'base64url');
      const [head, mac] = [all.subarray(0, NONCE + END), all.subarray(NONCE + END)];
      const ours = macs(head, place).some((own) => own.length === mac.length && timingSafeEqual(own, mac));
      if (!ours) return undefined;
      const until = head.readUIntBE(NONCE, END);
      return until > now ? until : undefined;
    },
    requestOptions: (challenge) => ({ challenge, rpId, timeout: TIMEOUT_MS, userVerification: 'required' }),
    creationOptions: ({ challenge, handle, name, displayName, exclude }) => ({
      challenge,
      rp: { id: rpId, name: 'ClaveÚnica' },
      user: { id: handle, name, displayName },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: TIMEOUT_MS,
      attestation: 'none',
      excludeCredentials: exclude.map(({ credentialId: id, transports }) => ({ type: 'public-key', id, transports })),
      // It must be found without anybody's RUN: by the passkey alone one signs in.
      authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    }),
    readAssertion(json) {
      const said = assertion.safeParse(parsed(json));
      const client = said.success ? readClientData(said.data.response.clientDataJSON) : undefined;
      if (!said.success || !client) return undefined;
      const { id: credentialId, response } = said.data;
      return { credentialId, challenge: client.challenge, handle: response.userHandle, response: said.data };
    },
    readCreation(json) {
      const said = creation.safeParse(parsed(json));
      const client = said.success ? readClientData(said.data.response.clientDataJSON) : undefined;
      return said.success && client ? { challenge: client.challenge, response: said.data } : undefined;
    },
    async verify({ challenge, response }, { credentialId, publicKey }) {
      const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
      const { userHandle, ...said } = response.response;
      const outcome = await verifyAuthenticationResponse({
        response: {
          ...response,
          response: { ...said, ...(userHandle !== undefined && { userHandle }) },
          clientExtensionResults: {},
        },
        ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true },
        // The count is judged where it is kept, in one statement.
        credential: { id: credentialId, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
      }).catch(refused);
      if (!outcome?.verified) return undefined;
      const { newCounter, credentialBackedUp } = outcome.authenticationInfo;
      return { counter: newCounter, backedUp: credentialBackedUp };
    },
    async verifyNew({ challenge, response }) {
      const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
      const { transports, ...said } = response.response;
      const outcome = await verifyRegistrationResponse({
        response: { ...response, response: { ...said }, clientExtensionResults: {} },
        ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true },
        supportedAlgorithmIDs: ALGORITHMS,
      }).catch(refused);
      if (!outcome?.verified) return undefined;
      const { credential, aaguid, credentialDeviceType, credentialBackedUp } = outcome.registrationInfo;
      return {
        ...{ credentialId: credential.id, counter: credential.counter, aaguid, transports },
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        synced: credentialDeviceType === 'multiDevice',
        backedUp: credentialBackedUp,
      };
    },
  };
}

/** The library throws for whatever does not fit; what a browser sent is no fault of ours. */
const refused = () => undefined;

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
