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
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`ended with ${String(code ?? signal)}`));
  });
  let over: string | undefined;
  void ended.then((why) => (over = why));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  for (let tries = 0; over !== undefined || !(await listens()); tries++) {
    if (over !== undefined || tries > 600) {
      const why = over ?? 'it does not listen';
      await stop();
      throw new Error(`coturn: ${why}: ${said}`);
    }
    await sleep(50);
  }
  return {
    env: { TURN_URLS: `turn:127.0.0.1:${port}?transport=udp`, TURN_SECRET: secret },
    said: () => said,
    stop,
  };
}
