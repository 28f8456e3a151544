import test from 'ava';
import fc from 'fast-check';
import { csvRow } from '../../src/domain/csv.ts';

/** As a spreadsheet with that separator reads a file: quotes count where one of its cells begins, elsewhere they are letters. */
const cellsOf = (file: string, separator: string): readonly string[] => {
  const cell = new RegExp(`(?:"((?:[^"]|"")*)(?:"|$))?([^${separator}\r\n]*)(?:[${separator}\r\n]|$)`, 'gy');
  return [...file.matchAll(cell)].map(([, quoted = '', plain = '']) => quoted.replaceAll('""', '"') + plain);
};
const FORMULA = /^\s*[=+\-@＝＋－＠]/;

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
    '\t1',
    '\r1',
    '\n1',
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
  for (const blank of ['\t', '\r', '\n']) t.is(read(csvRow([`${blank}=1`]))[0], `'${blank}'=1`, JSON.stringify(blank));
  t.is(csvRow(['a', 3, 'b;=c']), `a;3;"b;'=c"\r\n`);
  t.is(csvRow([-3, 'b']), '-3;b\r\n', 'a number is one');
});

test('R-89: what would begin like a formula where the separator is another is text as well', (t) => {
  for (const [bad, good] of [
    ['Sitio,=WEBSERVICE(A1),fin', "Sitio,'=WEBSERVICE(A1),fin"],
    ['a;-1', "a;'-1"],
    ['a\t@x', "a\t'@x"],
    ['dos\r\n=1,líneas', "dos\r\n'=1,líneas"],
    ['a, \u00a0+1', "a, \u00a0'+1"],
    ['a,"=1",b', `a,"'=1",b`],
    ['a," =1', `a," '=1`],
    ['a,＝1', "a,'＝1"],
    ['=1,=2', "'=1,'=2"],
  ] as const) {
    const row = csvRow(['q', bad, 'z']);
    t.deepEqual(read(row), ['q', good, 'z']);
    for (const separator of [';', ',', '\t'])
      for (const cell of cellsOf(row, separator)) t.notRegex(cell, FORMULA, JSON.stringify([row, separator]));
  }
  for (const good of ['Pérez, María', 'uno, dos-tres; x@y.cl', 'a,b=c', 'dice "a=b", y "c"'])
    t.is(read(csvRow([good]))[0], good);
  t.deepEqual(cellsOf('q;"Sitio,=WEBSERVICE(A1),fin";z\r\n', ',').slice(0, 3), [
    ...['q;"Sitio', '=WEBSERVICE(A1)', 'fin";z'],
  ]);
});

test('R-93: long blanks are read once', (t) => {
  const blanks = ' '.repeat(50_000);
  // Time of the processor, which others who want it too do not make longer: read again and again they need five seconds.
  const before = process.cpuUsage();
  for (const long of [blanks, `,${blanks}=`, `${blanks}=`, '\t'.repeat(50_000), ',=;'.repeat(17_000)]) csvRow([long]);
  const { user, system } = process.cpuUsage(before);
  t.true(user + system < 1_000_000, `${user + system} µs`);
});

test('R-65: whatever is in the cells, each stays one cell of text', (t) => {
  const alphabet = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ';', ',', '"', "'", ' ', 'a', 'ñ', '|');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: alphabet, maxLength: 6 }), { minLength: 1, maxLength: 4 }), (cells) => {
      const back = read(csvRow(cells));
      t.is(back.length, cells.length);
      for (const [at, cell] of back.entries()) {
        t.is(cell.replaceAll("'", ''), cells[at]!.replaceAll("'", ''), 'apostrophes are all that was added');
        if (!/[,;\t\r\n"]\s*[=+\-@]/.test(cells[at]!)) t.true(cell === cells[at] || cell === `'${cells[at]!}`);
        t.notRegex(cell, /^[=+\-@\t\r\n]/);
      }
    }),
  );
});

test('R-89: whatever is in a file, no separator makes a formula of it', (t) => {
  const alphabet = fc.constantFrom('=', '+', '-', '@', '＝', '\t', '\r', '\n', ';', ',', '"', "'", ' ', 'a', '\u00a0');
  const cells = fc.array(fc.string({ unit: alphabet, maxLength: 8 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(cells, { minLength: 1, maxLength: 4 }), (rows) => {
      const file = rows.map(csvRow).join('');
      for (const separator of [';', ',', '\t', ',;', ',;\t'])
        for (const cell of cellsOf(file, separator)) t.notRegex(cell, FORMULA, JSON.stringify([file, separator]));
      t.notRegex(file, /(?:^|[;,\t\r\n])[\s"]*[=+\-@＝＋－＠]/, 'nor if somebody heeds no quotes');
    }),
    { numRuns: 2000 },
  );
});
