import test from 'ava';
import { SAYING } from '../../src/domain/room.ts';
import type { Parts } from '../../src/parts.ts';
import { callHub, type Window } from '../../src/web/call/hub.ts';
import { caseWithRoom } from '../support/call.ts';
import { memoryParts } from '../support/memory.ts';
import { until } from '../support/until.ts';

type Said = Readonly<Record<string, unknown>>;

/** A window of a call whose socket is this test. */
function windowAt(hub: ReturnType<typeof callHub>, window: Pick<Window, 'caseId' | 'side' | 'link'> & Partial<Window>) {
  const told: Said[] = [];
  const closed: number[] = [];
  let [hear, end]: [(text: string) => void, () => void] = [() => undefined, () => undefined];
  const wire = {
    send: (message: unknown) => void told.push(message as Said),
    hear: (heard: (text: string) => void) => void (hear = heard),
    ended: (over: () => void) => void (end = over),
    close: (code: number) => void closed.push(code),
  };
  hub.connect(wire, { ...{ device: window.link, after: undefined, ice: {} }, ...window });
  const what = (name: string) => told.filter((each) => each['what'] === name);
  return { told, closed, what, say: (message: Said) => hear(JSON.stringify(message)), end: () => end() };
}
const citizen = { side: 'citizen', link: 'c'.repeat(32) } as const;

test('R-90: who speaks faster than the store writes is put out; nothing waits in line for ever', async (t) => {
  const parts = await memoryParts();
  const { caseId } = await caseWithRoom(parts);
  let asked = 0;
  const rooms: Parts['rooms'] = {
    ...parts.rooms,
    say: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
  };
  const hub = callHub({ ...parts, rooms });
  const window = windowAt(hub, { ...citizen, caseId });
  t.true(await until(() => window.what('in').length === 1));
  for (let n = 0; n <= SAYING.burst.words; n++) window.say({ do: 'chat', k: n + 1, text: 'a' });
  t.deepEqual(window.closed, [1008]);
  t.true(asked <= 1);
  window.end();

  const heavy = windowAt(hub, { ...citizen, caseId });
  t.true(await until(() => heavy.what('in').length === 1));
  const candidate = { candidate: 'a'.repeat(30_000) };
  for (let n = 0; n * 30_000 <= SAYING.burst.bytes; n++)
    heavy.say({ do: 'signal', k: n + 1, to: 'x', body: { candidate } });
  t.deepEqual(heavy.closed, [1008]);
  heavy.end();
});

test('R-90: a window that comes hears all that is written, page by page, and no signal that was for another', async (t) => {
  const parts = await memoryParts();
  const { caseId } = await caseWithRoom(parts);
  const hub = callHub(parts);
  const comer = { ...citizen, caseId, device: citizen.link, now: parts.clock() };
  const clerk = { ...comer, side: 'officer', link: 'o'.repeat(32) } as const;
  await parts.rooms.enter(comer);
  await parts.rooms.enter(clerk);
  const words = JSON.stringify({ from: comer.link, body: {} });
  t.truthy(await parts.rooms.say(comer, { kind: 'signal', words, to: clerk.link }));
  for (let n = 0; n < 2 * SAYING.page + 5; n++) await parts.rooms.say(comer, { kind: 'chat', words: String(n) });
  const heard: number[] = [];
  const counting = { ...parts, rooms: { ...parts.rooms, said: counted } };
  async function counted(...asked: Parameters<Parts['rooms']['said']>) {
    const page = await parts.rooms.said(...asked);
    heard.push(page.length);
    return page;
  }
  const window = windowAt(callHub(counting), { caseId, side: 'officer', link: 'p'.repeat(32), device: clerk.device });
  t.true(await until(() => window.what('state').length > 0));
  t.deepEqual(heard, [SAYING.page, SAYING.page, 5]);
  t.deepEqual(
    window.what('chat').map(({ text }) => text),
    Array.from({ length: 2 * SAYING.page + 5 }, (_, n) => String(n)),
  );
  t.deepEqual(window.what('signal'), []);
  // What its own link was told, it hears where it left off: it had lost its process.
  const back = { ...clerk, link: 'p'.repeat(32) };
  t.truthy(await parts.rooms.say(comer, { kind: 'signal', words, to: back.link }));
  const { n } = window.what('state')[0]!;
  const again = windowAt(hub, { ...back, after: Number(n) });
  t.true(await until(() => again.what('signal').length === 1));
  t.deepEqual(again.what('chat'), []);
  for (const each of [window, again]) each.end();
});

test('R-98: a window is told how far its words are kept, also by the next process, and nothing is kept twice', async (t) => {
  const parts = await memoryParts();
  const { caseId } = await caseWithRoom(parts);
  const first = windowAt(callHub(parts), { ...citizen, caseId });
  t.true(await until(() => first.what('in').length === 1));
  t.is(first.what('in')[0]?.['k'], 0);
  for (const k of [1, 2]) first.say({ do: 'chat', k, text: String(k) });
  t.true(await until(() => first.told.at(-1)?.['k'] === 2));
  // Its process is killed before it could tell; the page says what it does not know to be kept again.
  first.end();
  const second = windowAt(callHub(parts), { ...citizen, caseId, after: 0 });
  t.true(await until(() => second.what('in').length === 1));
  t.is(second.what('in')[0]?.['k'], 2);
  for (const k of [2, 3]) second.say({ do: 'chat', k, text: String(k) });
  t.true(await until(() => second.told.at(-1)?.['k'] === 3));
  t.deepEqual(
    second.what('chat').map(({ text }) => text),
    ['1', '2', '3'],
  );
  second.end();
});

test('R-90: a link that opens a second socket has one', async (t) => {
  const parts = await memoryParts();
  const { caseId } = await caseWithRoom(parts);
  const hub = callHub(parts);
  const [first, second] = [windowAt(hub, { ...citizen, caseId }), windowAt(hub, { ...citizen, caseId })];
  t.true(await until(() => second.what('state').length > 0));
  t.deepEqual([first.closed, second.closed], [[1012], []]);
  for (const each of [first, second]) each.end();
});
