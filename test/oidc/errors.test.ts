import { glob, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import test from 'ava';
import { errors } from 'oidc-provider';
import { ERRORS_OF_OTHERS, PROTOCOL_ERROR_CODES, PROTOCOL_ERRORS } from '../../src/domain/protocol-error.ts';
import { serveMemory } from '../support/serve-memory.ts';

type Thrown = { readonly error: string; readonly status: number };
const made = (name: string): Thrown => {
  const Class: unknown = Reflect.get(errors, name);
  if (typeof Class !== 'function') throw new Error(name);
  return Reflect.construct(Class, [name === 'InvalidClientMetadata' ? 'x' : undefined]) as Thrown;
};
/** Bases of the others, and one that is a kind of `invalid_request`. */
const NONE = ['OIDCProviderError', 'CustomOIDCProviderError', 'SessionNotFound'];
const known: readonly string[] = PROTOCOL_ERROR_CODES;

test('every error that the library knows is in the catalogue, or belongs to what no mode of ours has', (t) => {
  const names = Object.keys(errors).filter((name) => !NONE.includes(name));
  t.true(names.length > 35);
  const codes = new Set(names.map((name) => made(name).error));
  t.deepEqual(
    [...codes].filter((code) => known.includes(code) === ERRORS_OF_OTHERS.includes(code)),
    [],
    'in exactly one of both',
  );
  // These two are no class of the library.
  const own = [...known, ...ERRORS_OF_OTHERS].filter((code) => !codes.has(code));
  t.deepEqual(own, ['server_error']);
  for (const name of names) {
    const { error, status } = made(name);
    // Status 401 is said of who could not prove who it is, 503 by whom is away.
    if (!known.includes(error) || ['invalid_client', 'temporarily_unavailable'].includes(error)) continue;
    const listed: number = PROTOCOL_ERRORS[error as keyof typeof PROTOCOL_ERRORS].status;
    t.is(listed, status, error);
  }
});

test('every error that our own code tells a site is in the catalogue', async (t) => {
  const told: string[] = [];
  for await (const path of glob('src/{oidc,web,flows}/**/*.ts', { cwd: new URL('../..', import.meta.url) })) {
    const text = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
    told.push(
      ...[...text.matchAll(/\berrors\.([A-Z]\w+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !NONE.includes(name))
        .map((name) => made(name).error),
    );
    told.push(...[...text.matchAll(/\berror(?:: |=\\?"|=)["']?([a-z]+_[a-z_]+)\b/g)].map(([, code = '']) => code));
    told.push(...[...text.matchAll(/new errors\.Custom\w+\('(\w+)'/g)].map(([, code = '']) => code));
  }
  t.true(told.length > 20);
  t.deepEqual(
    [...new Set(told)].filter((code) => !known.includes(code)),
    [],
  );
});

test('a page of an error says to developers why, and what to do about it; in the emulator it leads to all of them', async (t) => {
  const { origin, close, user } = await serveMemory();
  t.teardown(close);
  const wrong =
    '/openid/authorize?client_id=demo-municipio&response_type=code&redirect_uri=https%3A%2F%2Fevil.example%2F';
  const { text, status } = await user.get(wrong, { accept: 'text/html' });
  t.is(status, 400);
  t.true(text.includes('invalid_redirect_uri'));
  t.true(text.includes('El redirect_uri no es igual, letra por letra'));
  t.true(text.includes('Registra la dirección exacta'));
  t.true(text.includes('href="/emulador/errores#invalid_redirect_uri"'));
  const all = await fetch(`${origin}/emulador/errores?lang=en`);
  t.is(all.status, 200);
  const page = await all.text();
  for (const code of PROTOCOL_ERROR_CODES) t.true(page.includes(`id="${code}"`), code);
  t.true(page.includes('Register the exact address'));
});

test('R-46: every link of every page of an error leads to a page of ours, in either language', async (t) => {
  const { config, origin, close } = await serveMemory();
  t.teardown(close);
  /** As it is written: `fetch` would mend the path first. */
  const ask = (path: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const headers = { accept: 'text/html', host: new URL(origin).host };
      const asking = request({ port: config.port, path, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      asking.on('error', reject).end();
    });
  const wrong = 'response_type=code&redirect_uri=https%3A%2F%2Fevil.example%2F&state=';
  const paths = [
    ...[`/openid/authorize?client_id=nobody&${wrong}`, `/openid/authorize?client_id=demo-municipio&${wrong}`],
    ...['/openid/authorize', '/openid/authorize/gone', '/openid/session/end?client_id=nobody', '/openid/nothing'],
    ...['/ingresar/gone?rp=demo-municipio', '/ingresar/gone', '/solicitud/x', '/nothing?a=1&lang=en', '/openid/token'],
    ...[
      '//evil.example/x',
      '/\\evil.example/x',
      '///evil.example',
      `${origin}/nothing`,
      '/cuenta/nothing',
      '/recuperar/x',
    ],
  ];
  const linked = new Map<string, string>();
  for (const path of paths) {
    const { status, text } = await ask(path);
    t.true(status >= 400 && status < 500, `${path} ${status}`);
    if (!text.includes('<html')) continue;
    const [, other = ''] = /<a class="language" href="([^"]*)"/.exec(text) ?? [];
    const target = other.replaceAll('&amp;', '&');
    const spoken = /<html lang="(\w+)"/.exec(text)?.[1];
    const turned = await ask(target);
    t.deepEqual([turned.status, /<html lang="(\w+)"/.exec(turned.text)?.[1] === spoken], [status, false], target);
    t.is(title(turned.text) === title(text), false, target);
    t.false(target.includes('claveunica%3A'), target);
    for (const [, to = ''] of text.matchAll(/<a [^>]*href="([^"#][^"]*)"/g)) if (to !== other) linked.set(to, path);
  }
  t.true(linked.size > 3);
  for (const [to, from] of linked) {
    // The way back to a site is as it was registered.
    if (to.startsWith('http://localhost:3002/municipio')) continue;
    t.regex(to, /^\/(?![/\\])/, from);
    const [path = '', place] = to.replaceAll('&amp;', '&').split('#');
    const { status, text } = await ask(path);
    t.true(status < 400, `${to} of ${from}: ${status}`);
    if (place !== undefined) t.true(text.includes(`id="${place}"`), to);
  }
});

const title = (text: string) => /<h1[^>]*>([^<]*)/.exec(text)?.[1];
