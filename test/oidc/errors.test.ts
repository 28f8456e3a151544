import { glob, readFile } from 'node:fs/promises';
import test from 'ava';
import { errors } from 'oidc-provider';
import { ERRORS_OF_OTHERS, PROTOCOL_ERROR_CODES, PROTOCOL_ERRORS } from '../../src/domain/protocol-error.ts';
import { serveMemory } from '../support/serve-memory.ts';

type Thrown = { readonly error: string; readonly status: number };
const made = (name: string): Thrown => {
  const Class = (errors as unknown as Readonly<Record<string, new (...all: unknown[]) => Thrown>>)[name]!;
  return new Class(name === 'InvalidClientMetadata' ? 'x' : undefined);
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
