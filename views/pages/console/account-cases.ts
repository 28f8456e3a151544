import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS } from '../../parts/console.ts';
import { exportPart, type Export } from '../../parts/export.ts';
import { inPlainWords } from '../../parts/moment.ts';
import {
  choicePart,
  columnsOf,
  filterPart,
  pageLinks,
  tablePart,
  type Address,
  type Column,
  type Found,
  type Ways,
} from '../../parts/table.ts';
import { stateIn, type AccountRoom, type Opened } from './account-case.ts';

export type AccountCasesRoom = AccountRoom &
  Ways & {
    readonly address: Address;
    readonly found: Found;
    /** Of the day by which they stand: open ones by that on which they were opened. */
    readonly sort: NonNullable<Column['sort']>;
    readonly closed: boolean;
    readonly cases: readonly (Opened & {
      readonly id: string;
      readonly run: string;
      readonly closedAt: number | undefined;
    })[];
    readonly exporting?: Export['typed'];
  };

/** What waits, the oldest first; what was closed, the newest first. */
export function accountCasesPage(frame: Frame, p: AccountCasesRoom): Page {
  const { lang, words } = frame;
  const w = words.accountCases;
  const { title } = words.console.rooms.accountCases;
  const { asked } = p.address;
  const when = (at: number) => inPlainWords({ lang, words, at, now: p.shell.now });
  const outcomes = Object.entries(w.outcomes).map(([one, label]) => [one, w.ofOutcome(label)] as const);
  const { closed: _, ...columns } = w.columns;
  const body = html`
    <p class="lead">${w.lead}</p>
    <section aria-labelledby="casos">
      <h2 id="casos" class="unseen">${title}</h2>
      ${filterPart(frame, {
        ...{ address: p.address, keep: ['orden'], label: words.table.filterOf(title) },
        fields: html`${choicePart({
          ...{ name: 'estado', label: w.columns.state, everything: w.open, chosen: asked['estado'] },
          all: { ...w.ofState, ...Object.fromEntries(outcomes) },
        })}
        ${choicePart({
          ...{ name: 'porque', label: w.columns.kind, everything: words.table.all, chosen: asked['porque'] },
          all: w.kinds,
        })}`,
      })}
      ${tablePart(frame, {
        ...{ by: 'casos', found: p.found, pages: pageLinks(frame, p) },
        none: asked['estado'] || asked['porque'] ? w.none : w.noneOpen,
        columns: p.closed ? columnsOf(w.columns, { closed: p.sort }) : columnsOf(columns, { at: p.sort }),
        rows: p.cases.map(
          (one) =>
            html`<tr>
              <th scope="row"><a href=${`${ROOMS.accountCases}/${one.id}`}>${when(one.at)}</a></th>
              <td>${w.kinds[one.kind]}</td>
              <td class="whole">${one.run}</td>
              <td>${stateIn(words, one.state)}</td>
              ${one.closedAt !== undefined && html`<td>${when(one.closedAt)}</td>`}
            </tr>`,
        ),
      })}
      ${
        p.cases.length > 0 &&
        exportPart(frame, {
          ...{ csrf: p.shell.csrf, action: `${ROOMS.accountCases}/exportar` },
          ...{ fields: { ...asked, orden: undefined }, typed: p.exporting },
        })
      }
    </section>
  `;
  return consolePage(frame, { shell: p.shell, room: 'accountCases', refused: p.refused, body });
}
