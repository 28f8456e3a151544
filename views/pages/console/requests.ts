import type { ListedCase } from '#src/domain/enrolment.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS, type ConsoleShell } from '../../parts/console.ts';
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

export type RequestsRoom = Ways & {
  readonly shell: ConsoleShell;
  /** The office by its name. */
  readonly cases: readonly Omit<ListedCase, 'level'>[];
  readonly address: Address;
  readonly found: Found;
  readonly sorts: Readonly<Record<'created' | 'moved', NonNullable<Column['sort']>>>;
};

/** Where each request stands; whose it is, its own page says after it has asked why (R-63). */
export function requestsPage(frame: Frame, p: RequestsRoom): Page {
  const { lang, words } = frame;
  const w = words.caseList;
  const { channels } = words.desk.agenda;
  const { title } = words.console.rooms.requests;
  const { asked } = p.address;
  const when = (at: number) => inPlainWords({ lang, words, at, now: p.shell.now });
  const choice = (name: string, label: string, all: Readonly<Record<string, string>>) =>
    choicePart({ name, label, everything: words.table.all, all, chosen: asked[name] });
  const body = html`
    <p class="lead">${w.lead}</p>
    <section aria-labelledby="solicitudes">
      <h2 id="solicitudes" class="unseen">${title}</h2>
      ${filterPart(frame, {
        ...{ address: p.address, keep: ['orden'], label: words.table.filterOf(title) },
        fields: html`${choice('etapa', w.columns.stage, w.stages)} ${choice('canal', w.columns.channel, channels)}`,
      })}
      ${tablePart(frame, {
        ...{
          by: 'solicitudes',
          none: asked['etapa'] || asked['canal'] ? w.none : w.noneYet,
          found: p.found,
          pages: pageLinks(frame, p),
        },
        columns: columnsOf(w.columns, p.sorts),
        rows: p.cases.map(
          ({ id, stage, channel, office, createdAt, updatedAt }) =>
            html`<tr>
              <th scope="row"><a href=${`${ROOMS.requests}/${id}`}>${id.slice(0, 8)}</a></th>
              <td>${w.stages[stage]}</td>
              <td>${channel === undefined ? '—' : channels[channel]}</td>
              <td>${office ?? '—'}</td>
              <td>${when(createdAt)}</td>
              <td>${when(updatedAt)}</td>
            </tr>`,
        ),
      })}
    </section>
    <p class="ways"><a href="/">${words.console.rooms.home.title}</a></p>
  `;
  return consolePage(frame, { shell: p.shell, room: 'requests', body });
}
