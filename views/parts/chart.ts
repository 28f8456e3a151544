import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';

/** One line, or one colour of bars. Undefined: nothing was measured then. */
export type Series = { readonly name: string; readonly values: readonly (number | undefined)[] };
export type Chart = {
  /** Unique on the page. */
  readonly id: string;
  readonly kind: 'bars' | 'lines';
  readonly title: string;
  /** What it shows, in one sentence, for who does not see it; the numbers are in the table. */
  readonly desc: string;
  /** What the labels are: «Día», «Oficina». */
  readonly head: string;
  readonly labels: readonly string[];
  /** Up to four: more colours nobody tells apart. */
  readonly series: readonly Series[];
  /** How a number is written; by default by the language's own rules. */
  readonly written?: ((value: number) => string) | undefined;
};

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 240, 52, 8, 12, 28];
const INNER = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
/** So many labels have room below. */
const LABELS = 9;

/** A round number above all values, that four parts divide well. */
export function topOf(values: readonly number[]): number {
  const most = Math.max(0, ...values.filter(Number.isFinite));
  if (most === 0) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 6, 8, 10].find((one) => one * power >= most) ?? 10;
  // Whole things are counted in whole steps.
  return Math.max(step * power, Number.isInteger(most) ? 4 : 0);
}

const rounded = (at: number) => Math.round(at * 10) / 10;

/** A chart made here: no script, in both colour schemes, and with its numbers as a table (WCAG 1.1.1, 1.4.1). */
export function chartPart(frame: Frame, chart: Chart): Page {
  const w = frame.words.console.chart;
  const { id, title, desc, series } = chart;
  return html`
    <figure class="chart">
      <figcaption id=${`${id}-titulo`}>${title}</figcaption>
      ${
        series.length > 1 &&
        html`<ul class="chart-legend">
          ${series.map(
            ({ name }, at) =>
              html`<li><span class=${`chart-key chart-${String(at)}`} aria-hidden="true"></span>${name}</li>`,
          )}
        </ul>`
      }
      <div class="chart-canvas" role="group" aria-labelledby=${`${id}-titulo`} tabindex="0">
        <svg
          viewBox=${`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
          role="img"
          aria-labelledby=${`${id}-nombre`}
          aria-describedby=${`${id}-desc`}
        >
          <title id=${`${id}-nombre`}>${title}</title>
          <desc id=${`${id}-desc`}>${desc}</desc>
          ${drawn(frame, chart)}
        </svg>
      </div>
      <details>
        <summary>${w.table}</summary>
        ${tableOf(frame, chart)}
      </details>
    </figure>
  `;
}

const writer = ({ lang }: Frame, { written }: Chart) =>
  written ?? ((value: number) => new Intl.NumberFormat(lang === 'es' ? 'es-CL' : 'en-GB').format(value));

function drawn(frame: Frame, chart: Chart): Page {
  const { kind, labels, series } = chart;
  const write = writer(frame, chart);
  const top = topOf(series.flatMap(({ values }) => values.filter((value) => value !== undefined)));
  const y = (value: number) => rounded(TOP + INNER.height * (1 - value / top));
  const slot = INNER.width / Math.max(1, labels.length);
  const x = (at: number) => rounded(LEFT + slot * (at + 0.5));
  const every = Math.ceil(labels.length / LABELS);
  return html`
    ${[0, 0.25, 0.5, 0.75, 1].map(
      (part) => html`
        <line class="chart-rule" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(top * part)} y2=${y(top * part)} />
        <text class="chart-tick" x=${LEFT - 8} y=${y(top * part) + 4} text-anchor="end">${write(top * part)}</text>
      `,
    )}
    ${labels.map(
      (label, at) =>
        at % every === 0 &&
        html`<text class="chart-tick" x=${x(at)} y=${HEIGHT - 8} text-anchor="middle">${label}</text>`,
    )}
    ${series.map((one, at) => (kind === 'bars' ? bars(one, { at, of: series.length, x, y, slot }) : line(one, { at, x, y })))}
  `;
}

type Place = { readonly at: number; readonly x: (at: number) => number; readonly y: (value: number) => number };

function bars(
  { values }: Series,
  { at, of, x, y, slot }: Place & { readonly of: number; readonly slot: number },
): Page {
  const width = rounded(Math.min(36, (slot * 0.72) / of));
  return html`${values.map(
    (value, label) =>
      value !== undefined &&
      html`<rect
        class=${`chart-bar chart-${String(at)}`}
        x=${rounded(x(label) + (at - of / 2) * width)}
        y=${y(value)}
        width=${Math.max(1, width - 1)}
        height=${rounded(y(0) - y(value))}
        rx="2"
      />`,
  )}`;
}

/** A gap where nothing was measured; a point alone is seen as a point. */
function line({ values }: Series, { at, x, y }: Place): Page {
  const path = values
    .map((value, label) => {
      if (value === undefined) return '';
      const begins = label === 0 || values[label - 1] === undefined;
      return `${begins ? 'M' : 'L'}${String(x(label))} ${String(y(value))}`;
    })
    .join('');
  return html`
    <path class=${`chart-line chart-${String(at)}`} d=${path} />
    ${values.map(
      (value, label) =>
        value !== undefined &&
        values.length <= 31 &&
        html`<circle class=${`chart-dot chart-${String(at)}`} cx=${x(label)} cy=${y(value)} r="2.5" />`,
    )}
  `;
}

function tableOf(frame: Frame, chart: Chart): Page {
  const write = writer(frame, chart);
  const { id, head, labels, series } = chart;
  return html`<div class="table" role="group" aria-labelledby=${`${id}-titulo`} tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">${head}</th>
          ${series.map(({ name }) => html`<th scope="col" class="number">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${labels.map(
          (label, at) =>
            html`<tr>
              <th scope="row">${label}</th>
              ${series.map(({ values }) => {
                const value = values[at];
                return html`<td class="number">${value === undefined ? '—' : write(value)}</td>`;
              })}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
