import test from 'ava';
import { ACRS, IDENTIFIED, STRENGTHS, acr } from '../../src/domain/account.ts';
import { acrToReturn, reaches } from '../../src/domain/assurance.ts';

const PAIRS = IDENTIFIED.flatMap((identified, i) =>
  STRENGTHS.map((strength, s) => ({ i, s, name: acr(identified, strength) })),
);
const OTHER = [
  'urn:other',
  '',
  '0',
  'urn:claveunica:presencial',
  'urn:claveunica:oficina:1f',
  'urn:claveunica:video:1f ',
];

test('there are nine names, and they are those of the interface', (t) => {
  t.deepEqual(
    ACRS,
    PAIRS.map(({ name }) => name),
  );
  t.is(new Set(ACRS).size, 9);
  t.true(ACRS.includes('urn:claveunica:presencial:2fr'));
});

test('a value is reached when both parts are at least as high: every pair (R-08, R-52)', (t) => {
  for (const happened of PAIRS)
    for (const wanted of PAIRS) {
      const high = happened.i >= wanted.i && happened.s >= wanted.s;
      const name = `${happened.name} for ${wanted.name}`;
      t.is(reaches(happened.name, wanted.name), high, name);
      for (const essential of [true, false])
        t.is(acrToReturn(happened.name, { values: [wanted.name], essential }), high ? wanted.name : undefined, name);
    }
});

test('without a request what happened is returned', (t) => {
  for (const happened of ACRS) {
    t.is(acrToReturn(happened, undefined), happened);
    t.is(acrToReturn(happened, { values: [], essential: false }), happened);
    t.is(acrToReturn(happened, { values: [], essential: true }), happened);
  }
});

test('of several the first that is reached is returned, not the highest, and never one that was not asked', (t) => {
  const happened = acr('presencial', '2f');
  const first = (...values: string[]) => acrToReturn(happened, { values, essential: true });
  t.is(first(acr('biometrico', '1f'), acr('video', '1f'), acr('presencial', '2f')), acr('video', '1f'));
  t.is(first(acr('presencial', '2f'), acr('video', '1f')), acr('presencial', '2f'));
  t.is(first(acr('biometrico', '1f'), acr('presencial', '2fr')), undefined);
});

test('unknown values are ignored; an essential request of which nothing is known is not met (R-08)', (t) => {
  const happened = acr('biometrico', '2fr');
  t.is(acrToReturn(happened, { values: OTHER, essential: false }), happened);
  t.is(acrToReturn(happened, { values: OTHER, essential: true }), undefined);
  for (const essential of [true, false]) {
    const known = { values: [...OTHER, acr('video', '2f')], essential };
    t.is(acrToReturn(happened, known), acr('video', '2f'));
    t.is(acrToReturn(acr('video', '1f'), known), undefined);
  }
});
