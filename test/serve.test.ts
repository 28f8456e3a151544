import { connect, type AddressInfo } from 'node:net';
import test from 'ava';
import { notice } from '../src/serve.ts';
import { openServer } from '../src/tls.ts';

/** Steps of a farewell until it ends, when each step hears that. */
function steps(heard: readonly string[]): number {
  const noticed = notice();
  let count = 0;
  for (; !noticed.isTaken(); count++) {
    for (const url of heard) noticed.heard(url);
    noticed.step();
  }
  return count;
}

test('R-98: a process that leaves waits while traffic comes, and no longer than ten seconds', (t) => {
  t.is(steps([]), 40);
  t.is(steps(['/readyz', '/openid/token']), 200);
  const noticed = notice();
  for (let n = 0; n < 100; n++) noticed.step();
  noticed.heard('/openid/token');
  t.false(noticed.isTaken());
  for (let n = 0; n < 19; n++) noticed.step();
  t.false(noticed.isTaken());
  noticed.step();
  t.true(noticed.isTaken());
});

test('R-98: who only asks whether it lives or is ready does not keep a process that leaves', (t) => {
  t.is(steps(['/readyz', '/healthz', '/healthz?from=platform']), 40);
  const noticed = notice();
  for (let n = 0; n < 40; n++) noticed.step();
  noticed.heard('/healthzz');
  t.false(noticed.isTaken());
});

test('whoever offers another protocol than ours is answered in ours; a socket is one still', async (t) => {
  const server = openServer({ tls: undefined }, (_req, res) => res.end('answered'));
  server.on('upgrade', (_req, socket) => socket.end('HTTP/1.1 418 Socket\r\nconnection: close\r\n\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ask = (...lines: readonly string[]) =>
    new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(['GET /openid/jwks HTTP/1.1', 'Host: localhost', ...lines, '', ''].join('\r\n')),
      );
      socket.on('data', (piece: Buffer) => {
        text += piece.toString();
        if (/answered|418/.test(text)) socket.destroy();
      });
      socket.on('error', reject).on('close', () => resolve(text));
    });
  // As Java's own client and `curl --http2` ask over plain HTTP.
  const h2c = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'];
  for (const lines of [h2c, ['Connection: upgrade', 'Upgrade: TLS/1.3']])
    t.regex(await ask(...lines), /^HTTP\/1\.1 200 OK[^]*answered$/);
  t.regex(await ask('Connection: Upgrade', 'Upgrade: WebSocket'), /^HTTP\/1\.1 418/);
});
