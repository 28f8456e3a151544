import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { serve } from '../support/serve.ts';
import { clave, claveJson, type Env } from './run-clave.ts';

const folder = await mkdtemp(join(tmpdir(), 'offices-'));
const running = serve();
test.after.always(async () => (await running).close());
const beside = async (): Promise<Env> => ({
  DATABASE_URL: (await running).live.databaseUrl,
  MASTER_KEYS: `test:${'k'.repeat(43)}`,
});
let files = 0;
async function file(content: unknown): Promise<string> {
  const path = join(folder, `${String(files++)}.json`);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
const arica = {
  ...{ id: 'arica', agency: 'registro-civil', name: 'Registro Civil Arica', address: 'Calle del Morro 1' },
  ...{ comuna: 'Arica', region: 'Arica y Parinacota', hours: { 1: ['08:30-14:00', '15:00-17:30'], 6: [] } },
};

test('offices are taken over from a file, changed by the next one, listed, and it is recorded', async (t) => {
  const env = await beside();
  const done = await claveJson<{ offices: number }>(['office', 'import', await file([arica])], env);
  t.is(done.offices, 1);
  const { live, parts } = await running;
  t.like(await parts.offices.byId('arica'), {
    hours: {
      1: [
        [510, 840],
        [900, 1050],
      ],
      6: [],
    },
    closed: [],
  });
  await claveJson(['office', 'import', await file([{ ...arica, closed: ['2026-12-31'] }])], env);
  t.deepEqual((await parts.offices.byId('arica'))?.closed, ['2026-12-31']);
  const listed = await clave(['office', 'list'], env);
  t.regex(listed.out, /arica +registro-civil +Registro Civil Arica +Arica +1: 08:30-14:00 15:00-17:30/);
  t.is((await live.db('audit').where({ kind: 'offices-imported' })).length, 2);
});

test('a file with a fault changes nothing, and each fault is told by its place', async (t) => {
  const env = await beside();
  const bad = { ...arica, id: 'Otra Oficina', hours: { 1: ['14:00-08:30'], 9: ['08:00-09:00'] }, secreto: 1 };
  const faults = await clave(['office', 'import', await file([{ ...arica, id: 'nueva' }, bad])], env);
  t.is(faults.code, 1);
  for (const told of [/1\.id: /, /1\.hours\.1\.0: ends before it begins/, /1\.hours/, /secreto/])
    t.regex(faults.err, told);
  t.is(await (await running).parts.offices.byId('nueva'), undefined);
  t.regex((await clave(['office', 'import', await file([arica, arica])], env)).err, /arica comes twice/);
  t.is((await clave(['office', 'import', await file('no json')], env)).code, 1);
  t.is((await clave(['office', 'import', join(folder, 'none.json')], env)).code, 1);
  t.is((await clave(['office', 'import'], env)).code, 2);
});
