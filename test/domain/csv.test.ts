import test from 'ava';
import fc from 'fast-check';
import { csvRow } from '../../src/domain/csv.ts';

/** As a spreadsheet reads one row. */
const read = (row: string) =>
  [...row.matchAll(/(?:"((?:[^"]|"")*)"|([^;"\r\n]*))(?:;|\r\n)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
  );

test('R-65: what begins like a formula is text, in any disguise', (t) => {
  for (const bad of [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    ' =1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '\u00a0@x',
  ])
    t.is(read(csvRow([bad]))[0], `'${bad}`, JSON.stringify(bad));
  for (const good of ['a=1', 'María', '12.345.678-5', '', 'x@y.cl', 'a;b', 'dice "sí"', 'dos\r\nlíneas'])
    t.is(read(csvRow([good]))[0], good);
  t.is(csvRow(['a', 3, 'b;=c']), 'a;3;"b;=c"\r\n');
});

test('R-65: whatever is in the cells, each stays one cell of text', (t) => {
  const alphabet = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ';', ',', '"', "'", ' ', 'a', 'ñ', '|');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: alphabet, maxLength: 6 }), { minLength: 1, maxLength: 4 }), (cells) => {
      const back = read(csvRow(cells));
      t.is(back.length, cells.length);
      for (const [at, cell] of back.entries()) {
        t.true(cell === cells[at] || cell === `'${cells[at]!}`);
        t.notRegex(cell, /^[=+\-@\t\r\n]/);
      }
    }),
  );
});
