import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KeptJwk, PublicJwk, Signer } from '../../src/gateways/signer.ts';

/** What is kept here: the public members, and how the device calls the key. */
const asKept = (key: PublicJwk): KeptJwk => ({ ...key, handle: key.kid });

/** The port's other implementation: a process of its own holds the keys, behind a socket. */
export function remoteSigner(socket: string): Signer {
  async function ask(question: object): Promise<Readonly<Record<string, unknown>>> {
    const peer = connect(socket);
    try {
      await once(peer, 'connect');
      peer.write(`${JSON.stringify(question)}\n`);
      for await (const line of createInterface({ input: peer })) {
        const { error, ...said } = JSON.parse(line) as { readonly error?: string };
        if (error !== undefined) throw new Error(error);
        return said;
      }
      throw new Error('hung up');
    } finally {
      peer.destroy();
    }
  }
  return {
    make: async (alg) => asKept((await ask({ make: alg }))['key'] as PublicJwk),
    publicPart: ({ handle: _handle, ...shown }) => shown,
    async sign({ handle }, data) {
      const { signature } = await ask({ sign: handle, data: Buffer.from(data).toString('base64') });
      return Buffer.from(String(signature), 'base64');
    },
  };
}

/** The device itself, which can be pulled out and put back. It brings these keys along. */
export async function signerDevice(keys: readonly KeptJwk[]) {
  const dir = await mkdtemp(join(tmpdir(), 'signer-'));
  const [socket, file] = [join(dir, 'socket'), join(dir, 'keys.json')];
  await writeFile(file, JSON.stringify(keys), { mode: 0o600 });
  let child: ChildProcess | undefined;
  const plugIn = async () => {
    await rm(socket, { force: true });
    const script = join(import.meta.dirname, 'signer-process.ts');
    const started = spawn(process.execPath, [script, socket, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    child = started;
    await once(started.stdout, 'data');
  };
  const pullOut = async () => {
    const gone = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await gone;
  };
  await plugIn();
  const close = async () => {
    await pullOut();
    await rm(dir, { recursive: true });
  };
  return { signer: remoteSigner(socket), kept: asKept, plugIn, pullOut, close };
}
