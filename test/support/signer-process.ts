/**
 * Stands for a device: `node signer-process.ts SOCKET KEYS` holds private keys in a process and a file of its own, and
 * answers one line of JSON with one: `{"make": ALG}` with the public key, `{"sign": KID, "data": …}` with a signature.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { SIGNING_ALGS, type SigningAlg } from '../../src/domain/signing-key.ts';
import { softwareSigner, type KeptJwk } from '../../src/gateways/signer.ts';

const [, , socket = '', file = ''] = process.argv;
const inside = softwareSigner();
const keys = new Map((JSON.parse(readFileSync(file, 'utf8')) as KeptJwk[]).map((key) => [key.kid, key]));

type Asked = { readonly make?: SigningAlg; readonly sign?: string; readonly data?: string };

async function answer({ make, sign = '', data = '' }: Asked): Promise<object> {
  if (make !== undefined && SIGNING_ALGS.includes(make)) {
    const key = await inside.make(make);
    keys.set(key.kid, key);
    writeFileSync(file, JSON.stringify([...keys.values()]), { mode: 0o600 });
    return { key: inside.publicPart(key) };
  }
  const key = keys.get(sign);
  if (!key) return { error: 'CKR_KEY_HANDLE_INVALID' };
  return { signature: Buffer.from(await inside.sign(key, Buffer.from(data, 'base64'))).toString('base64') };
}

const server = createServer((peer) => {
  peer.on('error', () => peer.destroy());
  createInterface({ input: peer }).on('line', (line) => {
    void answer(JSON.parse(line) as Asked).then((said) => peer.write(`${JSON.stringify(said)}\n`));
  });
});
server.listen(socket, () => console.log('ready'));
// Nothing stays behind when the test is killed.
process.stdin.resume().once('end', () => process.exit());
