import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { smsWebhook } from '../../src/gateways/sms.ts';

type Call = {
  readonly headers: IncomingMessage['headers'];
  readonly method: string | undefined;
  readonly body: string;
};

/** A webhook that answers what it is told to, and what it was sent. */
async function webhook(...statuses: readonly number[]) {
  const calls: Call[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      calls.push({ headers: req.headers, method: req.method, body: Buffer.concat(chunks).toString() });
      const status = statuses[Math.min(calls.length, statuses.length) - 1] ?? 200;
      res.writeHead(status, status === 307 ? { location: '/elsewhere' } : {}).end('+56911111111 is unknown');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { host, calls, close: () => new Promise((resolve) => server.close(resolve)) };
}
const text = { to: '+56911111111', text: '7K2M-9QXT es tu código', id: '17' };

test('posts number and text as JSON, signs in by Basic, and gives the same key when it is sent again', async (t) => {
  const hook = await webhook(500, 204);
  const sms = smsWebhook(`http://user:p%40ss@${hook.host}/send?a=1`);
  await t.throwsAsync(sms.send(text), { message: 'sms: the webhook answered 500' });
  await sms.send(text);
  t.is(hook.calls.length, 2);
  for (const { headers, method, body } of hook.calls) {
    t.is(method, 'POST');
    t.deepEqual(JSON.parse(body), { to: text.to, text: text.text });
    t.is(headers['content-type'], 'application/json');
    t.is(headers['idempotency-key'], '17');
    t.is(headers.authorization, `Basic ${btoa('user:p@ss')}`);
  }
  await hook.close();
});

test('a redirect is not followed, and no fault names the number (R-74)', async (t) => {
  const hook = await webhook(307, 400);
  const sms = smsWebhook(`http://${hook.host}/`);
  for (let n = 0; n < 2; n++) {
    const error = await t.throwsAsync(sms.send(text));
    t.notRegex(`${error.message} ${String(error.cause)} ${error.stack ?? ''}`, /5691/);
  }
  t.is(hook.calls.length, 2);
  t.is(hook.calls[0]?.headers.authorization, undefined);
  await hook.close();
});
