import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openBreached, sha1Of } from '../../src/gateways/breached.ts';
import { clave, claveJson } from './run-clave.ts';

test('a list of passwords or of hashes becomes a filter that knows them and no others (R-03)', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'claveunica-'));
  const [list, out] = [join(dir, 'list'), join(dir, 'filter')];
  const hashed = `${sha1Of('dos palabras muy vistas').toUpperCase()}:77`;
  await writeFile(list, ['una clave muy vista', '', hashed, 'otra clave muy vista\r'].join('\n'));
  const made = await claveJson<{ passwords: number }>(['passwords', 'compile', list, '--out', out]);
  t.is(made.passwords, 3);
  const filter = await openBreached(out);
  for (const password of ['una clave muy vista', 'dos palabras muy vistas', 'otra clave muy vista'])
    t.true(await filter.has(password), password);
  t.false(await filter.has(hashed));
  t.false(await filter.has('nadie la ha visto nunca'));
  await filter.close();
  const missing = await clave(['passwords', 'compile', join(dir, 'none'), '--out', out]);
  t.is(missing.code, 1);
  t.regex(missing.err, /ENOENT/);
  await rm(dir, { recursive: true });
});
