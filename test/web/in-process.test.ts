import test from 'ava';
import { inProcess } from '../../src/web/kit/in-process.ts';

const echo = inProcess((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    res.setHeader('content-type', 'application/json');
    res.setHeader('set-cookie', ['a=1', 'b=2']);
    res.statusCode = req.url === '/none' ? 204 : 201;
    const { method, url, headers } = req;
    res.end(
      req.url === '/none' ? '' : JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }),
    );
  });
});

test('a request arrives whole, without a socket, and so does the answer', async (t) => {
  const answer = await echo('https://claveunica.example:8443/openid/token?x=1', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic eA==' },
    body: new URLSearchParams({ code: 'ñandú', state: 'a b' }),
  });
  t.is(answer.status, 201);
  t.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
  const seen = (await answer.json()) as { method: string; url: string; body: string; headers: Record<string, string> };
  t.like(seen, { method: 'POST', url: '/openid/token?x=1', body: 'code=%C3%B1and%C3%BA&state=a+b' });
  t.like(seen.headers, { host: 'claveunica.example:8443', authorization: 'Basic eA==' });
});

test('answers without a body are answers', async (t) => {
  const answer = await echo('http://localhost/none');
  t.is(answer.status, 204);
  t.is(await answer.text(), '');
});

test('a hundred at once do not mix', async (t) => {
  const urls = Array.from({ length: 100 }, (_, n) => `/number/${n}`);
  const seen = await Promise.all(
    urls.map(async (url) => ((await (await echo(`http://localhost${url}`)).json()) as { url: string }).url),
  );
  t.deepEqual(seen, urls);
});

test('a handler that hangs up is an error, not a wait', async (t) => {
  const rude = inProcess((req) => req.socket.destroy());
  await t.throwsAsync(rude('http://localhost/'));
});
