import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { compactVerify, importJWK } from 'jose';
import { Unavailable } from '../../src/domain/fault.ts';
import { SIGNING_ALGS } from '../../src/domain/signing-key.ts';
import { boundedSigner, softwareSigner, type Signer } from '../../src/gateways/signer.ts';

const signer = softwareSigner();
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

for (const alg of SIGNING_ALGS) {
  test(`R-85: ${alg} makes keys and signatures that another implementation takes`, async (t) => {
    const key = await signer.make(alg);
    const shown = signer.publicPart(key);
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) t.false(member in shown, member);
    t.like(shown, { alg, kid: key.kid, use: 'sig' });
    if (shown['kty'] === 'RSA') t.is(Buffer.from(String(shown['n']), 'base64url').length * 8, 3072);
    const data = `${encode({ alg, kid: key.kid })}.${encode({ sub: 'ñ' })}`;
    for (const { sign } of [signer, softwareSigner({ beside: false })]) {
      const signature = Buffer.from(await sign(key, Buffer.from(data))).toString('base64url');
      const { payload } = await compactVerify(`${data}.${signature}`, await importJWK({ ...shown }, alg));
      t.is(Buffer.from(payload).toString(), '{"sub":"ñ"}');
      await t.throwsAsync(sign(shown, Buffer.from(data)), { message: /private part .* is not here/ });
    }
  });
}

test('R-84: a device that is away or silent is a part that is away; it is used again when it is back', async (t) => {
  let state: 'away' | 'silent' | 'here' = 'away';
  const device: Signer = {
    ...signer,
    async sign(key, data) {
      if (state === 'away') throw new Error('CKR_DEVICE_REMOVED');
      if (state === 'silent') await sleep(60_000, undefined, { ref: false });
      return signer.sign(key, data);
    },
  };
  const bounded = boundedSigner(device, 50);
  const key = await signer.make('ES256');
  for (state of ['away', 'silent'] as const)
    t.is((await t.throwsAsync(bounded.sign(key, Buffer.from('a')), { instanceOf: Unavailable })).part, 'signer');
  state = 'here';
  t.is((await boundedSigner(device, 5000).sign(key, Buffer.from('a'))).length, 64);
});
