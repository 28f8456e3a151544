import test from 'ava';
import { cardDifferences, mrzCheck, plainNumber, readMrz, spelled, type Card } from '../../src/domain/mrz.ts';
import { parseRun } from '../../src/domain/run.ts';
import { cardOf } from '../../src/web/emulator/card.ts';

const run = parseRun('22.222.222-2')!;
const pedro = { run, number: '100200300', birthdate: '1992-01-20', expiry: '2031-01-20' };
const names = { names: ['Pedro', 'Antonio'], surnames: ['Soto', 'Vidal'] };
const lines = cardOf({ ...pedro, ...names });
const read = (typed: string): Card => {
  const outcome = readMrz(typed);
  if (outcome.kind !== 'read') throw new Error(outcome.fault);
  return outcome.card;
};
const fault = (typed: string) => {
  const outcome = readMrz(typed);
  return outcome.kind === 'faulty' ? outcome.fault : outcome.kind;
};

test('ICAO 9303: the example of the standard reads as it says', (t) => {
  // Part 5, appendix B: the specimen of Utopia.
  const specimen = 'I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<';
  t.like(read(specimen), {
    ...{ issuer: 'UTO', number: 'D23145890', birthdate: '74-08-12', expiry: '2012-04-15', run: undefined },
    ...{ surnames: 'ERIKSSON', names: 'ANNA MARIA' },
  });
  t.is(mrzCheck('520727'), '3', 'the example of part 3');
});

test('a Chilean card brings RUN, number, dates and names', (t) => {
  t.deepEqual(read(lines), {
    ...{ issuer: 'CHL', number: '100200300', birthdate: '92-01-20', expiry: '2031-01-20', run },
    ...{ surnames: 'SOTO VIDAL', names: 'PEDRO ANTONIO' },
  });
});

test('it may be typed in small letters, without the last fillers, in one line, with blanks', (t) => {
  const [first = '', second = '', third = ''] = lines.split('\n');
  const shorter = `${first.replace(/<+$/, '')}\r\n ${second.toLowerCase()} \n${third.replace(/<+$/, '')}\n`;
  t.deepEqual(read(shorter), read(lines));
  t.deepEqual(read(first + second + third), read(lines));
});

test('each wrong character of the first two lines that a check digit covers shows', (t) => {
  const chars = Array.from(lines);
  const covered = chars.flatMap((character, index) => {
    const inSecond = index - 31;
    const free = index < 5 || inSecond === 7 || (inSecond >= 15 && inSecond <= 17) || index > 60;
    return free || !/\d/.test(character) ? [] : [index];
  });
  t.true(covered.length > 30);
  for (const index of covered) {
    const wrong = chars.with(index, String((Number(chars[index]) + 1) % 10)).join('');
    t.is(fault(wrong), 'check-digit', `at ${String(index)}`);
  }
});

test('what is none is refused by what it lacks', (t) => {
  t.is(fault(''), 'length');
  t.is(fault('x'.repeat(301)), 'length');
  t.is(fault(lines.replace('\n', '')), 'length');
  t.is(fault(lines.replace('SOTO', 'SÓTO')), 'characters');
  t.is(fault(lines.replace('INCHL', 'P<CHL')), 'kind');
  t.is(fault(cardOf({ ...pedro, ...names, birthdate: '1992-02-31' })), 'date');
});

const today = '2026-05-16';
const expected = { ...pedro, ...names, today };

test('R-49: a card that agrees with request and registry differs in nothing', (t) => {
  t.deepEqual(cardDifferences(read(lines), expected), []);
  t.deepEqual(cardDifferences(read(lines), { run, number: '100.200.300', today }), [], 'before the registry answers');
});

test('R-49: each difference is told by name', (t) => {
  const differs = (other: object) => cardDifferences(read(lines), { ...expected, ...other });
  t.deepEqual(differs({ run: parseRun('11.111.111-1') }), ['run']);
  t.deepEqual(differs({ number: '100200301' }), ['number']);
  t.deepEqual(differs({ birthdate: '1992-01-21' }), ['birthdate']);
  t.deepEqual(differs({ names: ['Juan'] }), ['name']);
  t.deepEqual(differs({ surnames: ['Vidal', 'Soto'] }), ['name']);
  t.deepEqual(differs({ today: '2031-01-21' }), ['expired']);
  t.deepEqual(differs({ today: '2031-01-20' }), [], 'on its last day it is good');
  const foreign = read(cardOf({ ...pedro, ...names, issuer: 'ARG' }));
  t.deepEqual(cardDifferences(foreign, expected), ['issuer']);
});

test('names are compared as the lines spell them, and long ones as far as they go', (t) => {
  t.is(spelled('Muñoz d’Ávila-Núñez'), 'MUNOZ D AVILA NUNEZ');
  const long = { names: ['María', 'Fernanda', 'Alejandra'], surnames: ['Fuenzalida', 'Echeverría'] };
  const card = read(cardOf({ ...pedro, ...long }));
  t.is(card.surnames, 'FUENZALIDA ECHEVERRIA');
  t.is(card.names, 'MARIA F', 'the line ends');
  t.deepEqual(cardDifferences(card, { ...expected, ...long }), []);
  t.is(plainNumber(' a02.345-678 '), 'A02345678');
});
