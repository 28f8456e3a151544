import test from 'ava';
import { createLocalJWKSet, jwtVerify, type JWK } from 'jose';
import { SIGNING_ALGS, type SigningAlg } from '../../src/domain/signing-key.ts';
import { rotateNow } from '../../src/flows/signing-keys.ts';
import { boundedSigner, softwareSigner, type Signer } from '../../src/gateways/signer.ts';
import { keysOfTheRun } from '../support/keys.ts';
import { signerDevice } from '../support/remote-signer.ts';
import { call, MARIA, MUNICIPIO, provider, register, REGISTRO } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';

/** The whole product with keys that are in another process. */
const software = softwareSigner();
const device = await signerDevice(await keysOfTheRun());
let asked = 0;
const counted: Signer = {
  ...device.signer,
  sign: (key, data) => {
    asked += 1;
    return device.signer.sign(key, data);
  },
};
const app = await serveMemory({
  replace: ({ signingKeys }) => ({
    // Nobody would wait so long: what is away is told by its refusal (of one that says nothing: gateways/signer.test.ts).
    signer: boundedSigner(counted, 600_000),
    // What the store gets is what a device gives: the public members and a name.
    signingKeys: {
      ...signingKeys,
      add: (key) => signingKeys.add({ ...key, jwk: device.kept(software.publicPart(key.jwk)) }),
    },
  }),
});
test.after.always(async () => {
  await app.close();
  await device.close();
});
const op = provider(app.origin);
const user = app.visitor();

const shown = async () => (await call(op.at('/jwks'))).json['keys'] as (JWK & { kid: string; alg: string })[];
const signedWith = async (idTokenAlg: SigningAlg) => {
  const { id } = await op.tokensFor(user, await register(app.parts, { profile: 'oidc', idTokenAlg }));
  return (await jwtVerify(id, createLocalJWKSet({ keys: await shown() }), { issuer: op.at('') })).protectedHeader;
};
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

test.serial(
  'R-84: all is signed by a process that alone has the private keys, and new ones are made there',
  async (t) => {
    await op.signIn(user, MUNICIPIO, MARIA);
    for (const alg of SIGNING_ALGS) t.is((await signedWith(alg)).alg, alg);
    const before = (await signedWith('ES256')).kid;
    await rotateNow(app.parts, ['ES256']);
    await app.op.refresh();
    const { kid } = await signedWith('ES256');
    t.not(kid, before);
    t.true((await shown()).some((key) => key.kid === kid));
    const kept = (await app.parts.signingKeys.published()).map(({ jwk }) => jwk);
    t.true(kept.length > SIGNING_ALGS.length);
    for (const jwk of kept) {
      t.deepEqual(
        Object.keys(jwk).filter((name) => PRIVATE.includes(name)),
        [],
      );
      await t.throwsAsync(async () => software.sign(jwk, Buffer.from('a')), { message: /private part .* is not here/ });
    }
    for (const key of await shown())
      t.deepEqual(
        Object.keys(key).filter((name) => [...PRIVATE, 'handle'].includes(name)),
        [],
      );
  },
);

test.serial('R-84: that process is killed: 503 at once, nothing unsigned; it is back: at once', async (t) => {
  const ask = async () => op.redeem(REGISTRO, (await op.silently(user, REGISTRO)).get('code') ?? '');
  t.is((await ask()).status, 200);
  await device.pullOut();
  asked = 0;
  const { status, headers, text } = await ask();
  t.is(status, 503);
  t.is(asked, 1, 'at once: it is neither waited for nor asked again');
  t.truthy(headers.get('retry-after'));
  t.false(text.includes('token'));
  // Who only wants to read the keys needs no signature.
  t.true((await shown()).length > 0);
  await device.plugIn();
  const { json, ...again } = await ask();
  t.is(again.status, 200, 'the first who asks then');
  t.is(typeof json['id_token'], 'string');
});
