import { randomBytes } from 'node:crypto';
import test from 'ava';
import {
  ACTIONS,
  ACTIONS_DRAWN,
  drawActions,
  EMPTY_SHEET,
  excuses,
  EXCEPTIONS,
  FEATURES,
  itemsMissing,
  ITEMS,
  TICKS,
  type Action,
  type Channel,
  type Sheet,
  type Tick,
} from '../../src/domain/checklist.ts';

const chance = (bytes: number) => randomBytes(bytes).toString('base64url');
const drawn: readonly Action[] = ['card-tilt', 'turn-left', 'read-digits'];
const about = (channel: Channel) => ({ channel, drawn, today: '2026-05-16', contact: true });
const full: Sheet = { ticks: TICKS, mrz: 'INCHL…', issued: '2020-01-31', coercion: 'none' };
const without = (gone: (tick: Tick) => boolean): Sheet => ({ ...full, ticks: TICKS.filter((tick) => !gone(tick)) });

test('R-49: a full sheet lacks nothing; an empty one lacks each item that applies, and only those', (t) => {
  for (const channel of ['video', 'office'] as const) {
    t.deepEqual(itemsMissing(full, about(channel)), []);
    const all = Object.entries(ITEMS).filter(([, channels]) => (channels as readonly string[]).includes(channel));
    t.deepEqual(
      itemsMissing(EMPTY_SHEET, about(channel)),
      all.map(([item]) => item as keyof typeof ITEMS),
    );
  }
});

test('R-49: each field dropped in turn is missed', (t) => {
  const alone: Readonly<Record<string, string>> = {
    ...{ consent: 'consent', 'in-view': 'in-view', picture: 'picture', 'read-back': 'read-back' },
    ...{ 'action-card-tilt': 'actions', 'action-turn-left': 'actions', 'action-read-digits': 'actions' },
    ...Object.fromEntries(TICKS.filter((one) => one.startsWith('printed-')).map((one) => [one, 'document'])),
    ...Object.fromEntries(TICKS.filter((one) => one.startsWith('likeness-')).map((one) => [one, 'likeness'])),
  };
  t.is(Object.keys(alone).length, 18);
  for (const [tick, item] of Object.entries(alone))
    t.deepEqual(
      itemsMissing(
        without((one) => one === tick),
        about('video'),
      ),
      [item as never],
      tick,
    );
  t.deepEqual(itemsMissing({ ...full, mrz: ' ' }, about('video')), ['document']);
  for (const issued of ['', '2026-05-17', '1999-01-01', '31-01-2020', '2020-13-40'])
    t.deepEqual(itemsMissing({ ...full, issued }, about('office')), ['document'], issued);
  for (const coercion of ['signs', 'unsaid'] as const)
    t.deepEqual(itemsMissing({ ...full, coercion }, about('office')), ['coercion']);
});

test('R-51: by video two optically variable features of three that can be seen; at the desk one by finger or lamp', (t) => {
  const seeing = (...seen: readonly (keyof typeof FEATURES)[]): Sheet =>
    without((tick) => tick.startsWith('feature-') && !seen.some((one) => tick === `feature-${one}`));
  const good = (channel: Channel, ...seen: readonly (keyof typeof FEATURES)[]) =>
    itemsMissing(seeing(...seen), about(channel)).length === 0;
  t.true(good('video', 'hologram', 'colour-ink', 'fine-lines'));
  t.false(good('video', 'hologram', 'second-photo', 'fine-lines'), 'one optically variable');
  t.false(good('video', 'hologram', 'colour-ink'), 'two in all');
  t.false(good('video', 'hologram', 'colour-ink', 'relief', 'ultraviolet'), 'nobody feels through a screen');
  t.true(good('office', 'hologram', 'fine-lines', 'relief'));
  t.false(good('office', 'hologram', 'colour-ink', 'fine-lines'), 'nothing felt');
});

test('R-51: an action that was not drawn does not count, and fewer than two are none', (t) => {
  const others = without((tick) => tick.startsWith('action-') && drawn.some((one) => tick === `action-${one}`));
  t.deepEqual(itemsMissing(others, about('video')), ['actions']);
  t.deepEqual(itemsMissing(full, { ...about('video'), drawn: ['card-tilt'] }), ['actions']);
  t.deepEqual(itemsMissing(full, { ...about('office'), drawn: [] }), [], 'at the desk there are none');
});

test('R-57: who has neither mail nor telephone reads nothing back', (t) => {
  const none = without((tick) => tick === 'read-back');
  t.deepEqual(itemsMissing(none, { ...about('office'), contact: false }), []);
});

test('R-51: actions are drawn anew each time, none twice, with four bits and more', (t) => {
  const draws = Array.from({ length: 2000 }, () => drawActions(chance));
  t.true(draws.every((draw) => draw.length === ACTIONS_DRAWN && new Set(draw).size === ACTIONS_DRAWN));
  const counts = new Map<string, number>();
  for (const draw of draws) counts.set(draw.join(), (counts.get(draw.join()) ?? 0) + 1);
  const entropy = -[...counts.values()].reduce((sum, n) => sum + (n / 2000) * Math.log2(n / 2000), 0);
  t.true(entropy > 8, `entropy ${String(entropy)}`);
  for (const action of ACTIONS) {
    const share = draws.filter((draw) => draw[0] === action).length / 2000;
    t.true(share > 0.06 && share < 0.14, `${action} first in ${String(share)}`);
  }
});

test('R-54: an exception lets pass what it is for, and nothing lets a silent registry or a death pass', (t) => {
  t.true(excuses(['registry-override'], 'registry'));
  t.false(excuses(['no-card', 'data-mismatch', 'contact-change', 'again-soon'], 'registry'));
  t.true(excuses(['no-card'], 'document'));
  for (const exception of Object.keys(EXCEPTIONS) as (keyof typeof EXCEPTIONS)[])
    for (const item of ['consent', 'in-view', 'actions', 'likeness', 'coercion', 'read-back'] as const)
      t.false(excuses([exception], item), `${exception}: ${item}`);
});
