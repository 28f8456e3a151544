import test from 'ava';
import { after, CASE, MOVES, movesFrom, ruleOf, STAGES, type Mover, type Stage } from '../../src/domain/enrolment.ts';
import { ANOTHER_CODE, codesLeft } from '../../src/domain/room.ts';

const MOVERS: readonly Mover[] = ['citizen', 'officer', 'system'];
const as = (kind: Mover) => ({ by: { kind, id: kind === 'officer' ? 'second' : undefined }, lastBy: 'first' });
/** By whoever may. */
const anyhow = (stage: Stage, move: (typeof MOVES)[number]) =>
  MOVERS.map((kind) => after(stage, move, as(kind))).find((to) => to !== undefined);
const leadingTo = (to: Stage) =>
  STAGES.filter((stage) => movesFrom(stage).some((move) => anyhow(stage, move) === to)).sort();

test('R-48: of all moves from all stages by all kinds of people just those of the table pass', (t) => {
  let open = 0;
  for (const stage of STAGES) {
    for (const move of MOVES) {
      for (const kind of MOVERS) {
        const rule = ruleOf(stage, move);
        const expected = rule?.by.includes(kind) ? rule.to : undefined;
        t.is(after(stage, move, as(kind)), expected as Stage | undefined, `${stage}, ${move}, ${kind}`);
        if (expected !== undefined) open++;
      }
    }
  }
  const rules = Object.values(CASE).flatMap((moves) => Object.values<{ readonly by: readonly Mover[] }>(moves));
  t.is(open, rules.flatMap(({ by }) => by).length);
});

test('every stage can be reached from a request, and only through an officer does anybody come to a code', (t) => {
  const reach = (may: readonly Mover[]) => {
    const seen = new Set<Stage>();
    const go = (stage: Stage): void => {
      if (seen.has(stage)) return;
      seen.add(stage);
      for (const move of movesFrom(stage))
        for (const kind of may) {
          const to = after(stage, move, as(kind));
          if (to !== undefined) go(to);
        }
    };
    go('requested');
    return seen;
  };
  t.deepEqual([...reach(MOVERS)].sort(), [...STAGES].sort());
  const alone = reach(['citizen', 'system']);
  for (const stage of ['in-session', 'identified', 'code-issued', 'activated'] as const)
    t.false(alone.has(stage), stage);
});

test('nobody is activated without having been identified', (t) => {
  t.deepEqual(leadingTo('activated'), ['code-issued']);
  t.deepEqual(leadingTo('code-issued'), ['code-issued', 'identified']);
  t.deepEqual(leadingTo('identified'), ['in-session']);
});

test('R-54: a code is issued again, and a hold lifted, only by a second person', (t) => {
  const first = { by: { kind: 'officer', id: 'first' }, lastBy: 'first' } as const;
  const nobody = { by: { kind: 'officer' }, lastBy: undefined } as const;
  for (const who of [first, nobody])
    t.deepEqual([after('code-issued', 'reissue-code', who), after('held', 'release', who)], [undefined, undefined]);
  const second = { by: { kind: 'officer', id: 'second' }, lastBy: 'first' } as const;
  t.deepEqual(
    [after('code-issued', 'reissue-code', second), after('held', 'release', second)],
    ['code-issued', 'in-session'],
  );
});

test('R-53: she replaces her code herself only after a call, in the first hour, twice, and not what an office issued', (t) => {
  const was = { stage: 'code-issued', level: 'video', identifiedAt: 1000, moves: [{ move: 'issue-code' }] } as const;
  const once = [...was.moves, { move: 'replace-code' }] as const;
  const { most, within } = ANOTHER_CODE;
  t.is(codesLeft(was, 1000), most);
  t.is(codesLeft({ ...was, moves: once }, 1000), most - 1);
  t.is(codesLeft({ ...was, moves: [...once, { move: 'replace-code' }] }, 1000), 0);
  t.is(codesLeft(was, 1000 + within - 1), most);
  t.is(codesLeft(was, 1000 + within), 0);
  t.is(codesLeft({ ...was, identifiedAt: undefined }, within), 0);
  t.is(codesLeft({ ...was, moves: [...was.moves, { move: 'reissue-code' }] }, 1000), 0);
  for (const level of ['presencial', 'biometrico', undefined] as const) t.is(codesLeft({ ...was, level }, 1000), 0);
  for (const stage of STAGES) t.is(codesLeft({ ...was, stage }, 1000) > 0, stage === 'code-issued', stage);
});

test('R-54: a code that she replaced herself makes nobody a second person', (t) => {
  const by = { kind: 'officer', id: 'first' } as const;
  t.is(after('code-issued', 'replace-code', { by, lastBy: 'second' }), undefined);
  t.is(after('code-issued', 'replace-code', { by: { kind: 'system' } }), undefined);
  t.is(after('code-issued', 'replace-code', { by: { kind: 'citizen' }, lastBy: 'first' }), 'code-issued');
});
