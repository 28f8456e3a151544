import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, type ConsoleShell } from '../../parts/console.ts';

export type FiguresRoom = {
  readonly shell: ConsoleShell;
  readonly waiting: number;
  readonly noShows: number;
  readonly officers: readonly {
    readonly name: string;
    readonly approved: number;
    readonly rejected: number;
    readonly held: number;
    readonly 'broken-off': number;
  }[];
  /** Of the last seven days and the next: what was taken of what there was. An empty office: by video. */
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
      <h2 id="capacidad">${w.demand}</h2>
      ${p.places.length === 0 ? html`<p class="soft">${w.none}</p>` : places(frame, p)}
    </section>
  `;
  return consolePage(frame, { shell: p.shell, room: 'figures', scripts: ['checklist'], body });
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

const ROW = 28;

/** Two bars for each office, in a picture that the table beside it says in figures. */
function places({ words }: Frame, p: FiguresRoom): Page {
  const w = words.desk.figures;
  const most = Math.max(1, ...p.places.map(({ capacity }) => capacity));
  const name = (office: string) => (office === '' ? w.video : office);
  const label = p.places.map((one) => `${name(one.office)}: ${String(one.taken)} / ${String(one.capacity)}`).join('; ');
  return html`
    <svg
      class="bars"
      role="img"
      aria-label=${`${w.demand}. ${label}`}
      viewBox=${`0 0 320 ${String(p.places.length * ROW)}`}
      width="320"
    >
      ${p.places.map(
        (one, index) => html`
          <rect
            class="bar-capacity"
            x="0"
            y=${index * ROW + 4}
            width=${Math.round((one.capacity / most) * 320)}
            height="20"
          />
          <rect
            class="bar-taken"
            x="0"
            y=${index * ROW + 8}
            width=${Math.round((one.taken / most) * 320)}
            height="12"
          />
        `,
      )}
    </svg>
    <div class="table" role="group" aria-labelledby="capacidad" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${w.columns.where}</th>
            <th scope="col">${w.columns.taken}</th>
            <th scope="col">${w.columns.capacity}</th>
          </tr>
        </thead>
        <tbody>
          ${p.places.map(
            (one) =>
              html`<tr>
                <th scope="row">${name(one.office)}</th>
                <td>${one.taken}</td>
                <td>${one.capacity}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `;
}
