import test from 'ava';
import { render } from '../../views/html.ts';
import type { Frame } from '../../views/layout.ts';
import { chartPart, topOf, type Chart } from '../../views/parts/chart.ts';
import { words } from '../../views/words.ts';

const frame: Frame = {
  ...{ lang: 'es', words: words('es'), nonce: 'n', emulator: false, place: 'console', here: undefined },
  assets: { css: '/app.css', script: '/app.js' },
};
const chart: Chart = {
  ...{ id: 'espera', kind: 'lines', title: 'Espera por día', desc: 'La espera baja.', head: 'Día' },
  labels: ['lun', 'mar', '<mié>'],
  series: [{ name: 'Minutos', values: [12, undefined, 1234] }],
};

test('R-89: a chart has a name, words, a table of its numbers, and escapes its labels', (t) => {
  const text = render(chartPart(frame, chart));
  t.regex(text, /<svg[^>]*role="img"[^>]*aria-labelledby="espera-nombre"/);
  t.regex(text, /<title id="espera-nombre">Espera por día<\/title>/);
  t.regex(text, /<desc id="espera-desc">La espera baja\.<\/desc>/);
  t.regex(text, /<th scope="row">lun<\/th>\s*<td class="number">12<\/td>/);
  t.regex(text, /<td class="number">—<\/td>/, 'nothing was measured');
  t.regex(text, /<td class="number">1\.234<\/td>/);
  t.regex(text, /&lt;mié/);
  t.notRegex(text, /<mié|style=/);
});

test('a line has a gap where nothing was measured, bars grow from zero', (t) => {
  t.regex(render(chartPart(frame, chart)), /d="M[\d.]+ [\d.]+M[\d.]+ [\d.]+"/);
  const bars = render(chartPart(frame, { ...chart, kind: 'bars' }));
  t.is(bars.match(/<rect/g)?.length, 2);
  t.notRegex(bars, /NaN|Infinity|height="-/);
  const empty = render(chartPart(frame, { ...chart, labels: [], series: [] }));
  t.notRegex(empty, /NaN|Infinity/);
});

test('the scale ends at a round number above all', (t) => {
  t.is(topOf([]), 4);
  t.is(topOf([1]), 4);
  t.is(topOf([37]), 40);
  t.is(topOf([1234]), 2000);
  t.is(topOf([0.37]), 0.4);
});
