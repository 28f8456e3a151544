import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

type Key = { readonly id: Buffer; readonly privateKey: KeyObject; readonly handle: string; counter: number };
type CborMap = Parameters<typeof isoCBOR.encode>[0];

/** What a wicked browser or device would do otherwise. */
export type Wish = {
  readonly origin?: string;
  readonly rpId?: string;
  readonly verified?: boolean;
  readonly present?: boolean;
  readonly crossOrigin?: boolean;
  readonly counter?: number;
  readonly type?: string;
  readonly handle?: string;
  readonly challenge?: string;
};
type Options = Readonly<Record<string, unknown>>;

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest();
const FLAG = { present: 1, verified: 4, eligible: 8, backedUp: 16, attested: 64 };

/**
 * An authenticator in software, as a browser would hand on its answers (WebAuthn L3 §6): ES256, discoverable keys.
 * `synced`: a password manager's, whose count stays 0.
 */
export function authenticator(origin: string, { synced = false }: { synced?: boolean } = {}) {
  const keys: Key[] = [];
  const clientData = (type: string, challenge: unknown, wish: Wish) =>
    Buffer.from(
      JSON.stringify({
        type: wish.type ?? type,
        challenge: wish.challenge ?? challenge,
        origin: wish.origin ?? origin,
        crossOrigin: wish.crossOrigin ?? false,
      }),
    );
  const authData = (counter: number, wish: Wish, attested?: Buffer) => {
    const flags =
      (wish.present === false ? 0 : FLAG.present) |
      (wish.verified === false ? 0 : FLAG.verified) |
      (synced ? FLAG.eligible | FLAG.backedUp : 0) |
      (attested ? FLAG.attested : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    const rpId = sha256(wish.rpId ?? new URL(origin).hostname);
    return Buffer.concat([rpId, Buffer.of(flags), count, attested ?? Buffer.alloc(0)]);
  };

  return {
    keys,
    /** `navigator.credentials.create`, as JSON. */
    create(options: Options, wish: Wish = {}): string {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const id = randomBytes(32);
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const cose: CborMap = new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
        [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, isoCBOR.encode(cose)]);
      const object: CborMap = new Map<string, string | Uint8Array | Map<string, string>>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, string>()],
        ['authData', new Uint8Array(authData(wish.counter ?? 0, wish, attested))],
      ]);
      const { user } = options as { user: { id: string } };
      keys.push({ id, privateKey, handle: wish.handle ?? user.id, counter: wish.counter ?? 0 });
      const response = {
        clientDataJSON: b64(clientData('webauthn.create', options['challenge'], wish)),
        attestationObject: b64(isoCBOR.encode(object)),
        transports: ['internal'],
      };
      return JSON.stringify({
        id: b64(id),
        rawId: b64(id),
        type: 'public-key',
        response,
        clientExtensionResults: {},
      });
    },
    /** `navigator.credentials.get`, as JSON; with the key made last unless another is named. */
    get(options: Options, wish: Wish = {}, key = keys.at(-1)): string {
      if (!key) throw new Error('authenticator: no key was made');
      if (!synced) key.counter++;
      const client = clientData('webauthn.get', options['challenge'], wish);
      const data = authData(wish.counter ?? key.counter, wish);
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(key.privateKey);
      const response = {
        clientDataJSON: b64(client),
        authenticatorData: b64(data),
        signature: b64(signature),
        userHandle: wish.handle ?? key.handle,
      };
      return JSON.stringify({
        id: b64(key.id),
        rawId: b64(key.id),
        type: 'public-key',
        response,
        clientExtensionResults: {},
        authenticatorAttachment: 'platform',
      });
    },
  };
}
