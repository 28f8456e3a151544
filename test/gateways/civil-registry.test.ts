import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { CivilRegistry, RegistryAnswer, RegistryRecord } from '../../src/domain/registry.ts';
import { isOldEnough, parseDocument } from '../../src/domain/registry.ts';
import { parseRun } from '../../src/domain/run.ts';
import { demoCivilRegistry, httpCivilRegistry, noCivilRegistry } from '../../src/gateways/civil-registry.ts';
import { readDemo } from '../../src/gateways/demo-files.ts';
import { registryStub, type RegistryMood } from '../support/registry-stub.ts';

const run = parseRun('22.222.222-2')!;
const now = Date.parse('2026-11-29T12:00:00Z');
const question = { run, document: '100200300', now };
const good = ({ run: asked, documentNumber: number }: { run: string; documentNumber: string }): RegistryRecord => ({
  ...{ run: asked, vitalStatus: 'alive', names: ['Pedro'], surnames: ['Soto'], birthDate: '1992-01-20' },
  document: { number, belongsToRun: true, status: 'valid', expiresOn: '2030-05-01' },
});
/** Time enough on a busy machine for what must be good; a registry that never answers needs none. */
const patience = { each: 10_000, opens: 1000 };

/** Its stub closes with the test, whatever fails. */
async function stubFor(t: ExecutionContext) {
  const stub = await registryStub(good);
  t.teardown(stub.close);
  return stub;
}
/** What it says once it says that, or the last of what it says for half a minute. */
async function askedUntil(registry: CivilRegistry, kind: RegistryAnswer['kind']): Promise<RegistryAnswer> {
  const until = performance.now() + 30_000;
  let said = await registry.check(question);
  while (said.kind !== kind && performance.now() < until) {
    await sleep(50);
    said = await registry.check(question);
  }
  return said;
}

test('R-50: over HTTP: what is asked, and what a good answer says', async (t) => {
  const stub = await stubFor(t);
  const registry = httpCivilRegistry({ url: stub.url, note: () => t.fail(), patience });
  t.deepEqual(await registry.check(question), {
    ...{ kind: 'good', names: ['Pedro'], surnames: ['Soto'], birthdate: '1992-01-20', expiry: '2030-05-01' },
  });
  t.deepEqual(JSON.parse(stub.asked[0]!.body), { run: '22222222-2', documentNumber: '100200300' });
  t.is(stub.asked[0]!.url, '/v1/verifications', 'nobody stands in the address');
  t.is(stub.asked[0]!.authorization, `Basic ${Buffer.from('user:pass').toString('base64')}`);
});

test('R-50: whatever stands against somebody, or against her card, is told apart', async (t) => {
  const answers: [Partial<RegistryRecord> & { card?: Partial<RegistryRecord['document']> }, string][] = [
    [{ vitalStatus: 'deceased' }, 'deceased'],
    [{ vitalStatus: 'deceased', card: { status: 'blocked' } }, 'deceased'],
    [{ card: { status: 'blocked' } }, 'blocked'],
    [{ card: { status: 'lost' } }, 'blocked'],
    [{ card: { status: 'expired' } }, 'expired'],
    [{ card: { expiresOn: '2026-11-27' } }, 'expired'],
    [{ card: { expiresOn: '2026-11-29' } }, 'good'],
    [{ card: { belongsToRun: false } }, 'mismatch'],
    [{ card: { number: '999999999' } }, 'mismatch'],
    [{ run: '11111111-1' }, 'unavailable'],
  ];
  let at = 0;
  const stub = await registryStub((asked) => {
    const { card, ...differing } = answers[at]![0];
    const record = good(asked);
    return { ...record, ...differing, document: { ...record.document, ...card } };
  });
  t.teardown(stub.close);
  const registry = httpCivilRegistry({ url: stub.url, note: () => undefined, patience });
  for (const [, kind] of answers) {
    t.is((await registry.check(question)).kind, kind as never);
    at++;
  }
});

test('R-50: slow, down, garbage, half an answer, an endless one, a redirect: unavailable, and nothing of it is told', async (t) => {
  const moods: RegistryMood[] = ['slow', 'down', 'garbage', 'half', 'endless', 'elsewhere'];
  const tried = async (mood: RegistryMood, each: number) => {
    const notes: string[] = [];
    const stub = await stubFor(t);
    const registry = httpCivilRegistry({
      ...{ url: stub.url, note: (what) => notes.push(what) },
      patience: { ...patience, each },
    });
    stub.be(mood);
    t.deepEqual(await registry.check(question), { kind: 'unavailable' }, mood);
    t.is(notes.length, 1);
    t.false(notes.join().includes('22222222') || notes.join().includes('Pedro'), mood);
    t.true(stub.asked.length <= 2, `${mood}: once more, and not again`);
    return { stub, registry };
  };
  for (const mood of moods) {
    let each = mood === 'slow' ? 500 : patience.each;
    let { stub, registry } = await tried(mood, each);
    // On a busy machine the time can be over before the question has got there.
    for (; mood === 'slow' && stub.asked.length < 2 && each < 10_000; { stub, registry } = await tried(mood, each))
      each *= 2;
    t.is(stub.asked.length, 2, `${mood}: once more`);
    stub.be('well');
    // At once; one that is given half a second may need another try on a busy machine.
    const again = mood === 'slow' ? await askedUntil(registry, 'good') : await registry.check(question);
    t.is(again.kind, 'good', `${mood}: and well again`);
    stub.be('nobody');
    t.deepEqual(await askedUntil(registry, 'unknown'), { kind: 'unknown' });
  }
});

test('R-50: a registry that is down is left alone for a while, then asked again', async (t) => {
  const stub = await stubFor(t);
  const registry = httpCivilRegistry({ url: stub.url, note: () => undefined, patience });
  stub.be('down');
  for (let at = 0; at < 5; at++) {
    t.is((await registry.check(question)).kind, 'unavailable');
    t.is(stub.asked.length, 2 * (at + 1), 'five times it is asked, each once more');
  }
  const asked = stub.asked.length;
  stub.be('well');
  t.is((await registry.check(question)).kind, 'unavailable', 'nobody waits for it');
  t.is(stub.asked.length, asked);
  t.is((await askedUntil(registry, 'good')).kind, 'good');
});

test('the emulator’s registry knows its people; without any registry nothing is known', async (t) => {
  const { people } = await readDemo({ demoPort: 0 });
  const registry = demoCivilRegistry(people);
  t.like(await registry.check(question), { kind: 'good', names: ['Pedro', 'Antonio'] });
  t.deepEqual(await registry.check({ ...question, document: '999999999' }), { kind: 'mismatch' });
  t.deepEqual(await registry.check({ ...question, run: parseRun('1-9')! }), { kind: 'unknown' });
  t.deepEqual(await noCivilRegistry().check(question), { kind: 'unavailable' });
});

test('document numbers in the spellings of people; fourteen years', (t) => {
  for (const typed of ['100.200.300', ' 100200300 ', '100-200-300', '１００２００３００'])
    t.is(parseDocument(typed), '100200300', typed);
  t.is(parseDocument('a 012 345'), 'A012345');
  for (const typed of ['', '12345', '1'.repeat(13), '<script>', 'x'.repeat(50_000)])
    t.is(parseDocument(typed), undefined);
  t.true(isOldEnough({ birthdate: '2012-11-29' }, now));
  t.false(isOldEnough({ birthdate: '2012-11-30' }, now));
});
