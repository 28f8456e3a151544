import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { chartPart } from '../../parts/chart.ts';
import { consolePage, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { exportPart } from '../../parts/export.ts';

export type FiguresRoom = {
  readonly shell: ConsoleShell;
  readonly mayExport: boolean;
  readonly exporting?: { readonly kind: string; readonly text: string } | undefined;
  readonly refused?: Refusal | undefined;
  /** Now. */
  readonly waiting: number;
  /** Of the last seven days, as what the officers did. */
  readonly noShows: number;
  readonly officers: readonly {
    readonly name: string;
    readonly approved: number;
    readonly rejected: number;
    readonly held: number;
    readonly 'broken-off': number;
  }[];
  /** Of the next seven days: what is taken of what there is. An empty office: by video. */
  readonly places: readonly { readonly office: string; readonly taken: number; readonly capacity: number }[];
};

/** How it goes: waiting, no-shows, approvals, and whether there is room enough. */
export function figuresPage(frame: Frame, p: FiguresRoom): Page {
  const w = frame.words.desk.figures;
  const sum = (of: 'approved' | 'rejected') => p.officers.reduce((total, one) => total + one[of], 0);
  const numbers = [
    [w.waiting, p.waiting],
    [w.noShows, p.noShows],
    [w.approved, sum('approved')],
    [w.rejected, sum('rejected')],
  ] as const;
  const body = html`
    <p class="lead">${w.lead}</p>
    <dl class="figures">
      ${numbers.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <section aria-labelledby="por-persona">
      <h2 id="por-persona">${w.byOfficer}</h2>
      ${p.officers.length === 0 ? html`<p class="soft">${w.none}</p>` : officers(frame, p)}
    </section>
    <section aria-labelledby="capacidad">
      <h2 id="capacidad">${w.ahead}</h2>
      ${p.places.length === 0 ? html`<p class="soft">${w.none}</p>` : places(frame, p)}
    </section>
    ${p.mayExport && exportPart(frame, { csrf: p.shell.csrf, action: `${ROOMS.figures}/exportar`, typed: p.exporting })}
  `;
  return consolePage(frame, { shell: p.shell, room: 'figures', refused: p.refused, scripts: ['checklist'], body });
}

function officers({ words }: Frame, p: FiguresRoom): Page {
  const w = words.desk.figures.columns;
  const results = ['approved', 'rejected', 'held', 'broken-off'] as const;
  return html`<div class="table" role="group" aria-labelledby="por-persona" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">${w.who}</th>
          ${results.map((result) => html`<th scope="col">${w[result]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${p.officers.map(
          (one) =>
            html`<tr>
              <th scope="row">${one.name}</th>
              ${results.map((result) => html`<td>${one[result]}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** What there is of places, and what is taken of them. */
function places(frame: Frame, p: FiguresRoom): Page {
  const w = frame.words.desk.figures;
  return chartPart(frame, {
    ...{ id: 'horas', kind: 'bars', title: w.demand, desc: w.demandTold, head: w.columns.where },
    labels: p.places.map(({ office }) => (office === '' ? w.video : office)),
    series: [
      { name: w.columns.taken, values: p.places.map(({ taken }) => taken) },
      { name: w.columns.capacity, values: p.places.map(({ capacity }) => capacity) },
    ],
  });
}
