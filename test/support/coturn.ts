import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './servers.ts';

/** Debian's coturn on the loopback, with credentials as we make them. */
export async function startCoturn() {
  const [port, dir] = [await freePort(), await mkdtemp(join(tmpdir(), 'coturn-'))];
  const secret = 'a-secret-of-this-test-alone';
  const options = [
    ...['-n', '--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=test', '--fingerprint'],
    ...[`--listening-port=${port}`, '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', '--allow-loopback-peers'],
    ...['--no-tls', '--no-dtls', '--no-cli', '--log-file=stdout', '--simple-log', `--pidfile=${dir}/pid`],
    ...[`--userdb=${dir}/db`],
  ];
  const child = spawn('turnserver', options, { stdio: ['ignore', 'pipe', 'pipe'], cwd: dir });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  for (let tries = 0; !(await listens()); tries++) {
    if (tries > 100) throw new Error(`coturn does not listen: ${said}`);
    await sleep(50);
  }
  return {
    env: { TURN_URLS: `turn:127.0.0.1:${port}?transport=udp`, TURN_SECRET: secret },
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
