import type { Agency } from '#src/domain/roles.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, type ConsoleShell } from '../../parts/console.ts';
import { calendarDay } from '../../parts/moment.ts';
import {
  choicePart,
  filterPart,
  pageLinks,
  tablePart,
  type Address,
  type Column,
  type Found,
  type Ways,
} from '../../parts/table.ts';
import { rosterPath } from './rosters.ts';

export type ListedOffice = {
  readonly id: string;
  readonly name: string;
  readonly agency: Agency;
  readonly comuna: string;
  readonly region: string;
  /** Today first; ISO, and from when until when it is open. */
  readonly days: readonly { readonly day: string; readonly open: readonly string[] }[];
  readonly rostered: number;
  readonly waiting: number;
  /** Its shifts are hers to change. */
  readonly mayRoster: boolean;
};
export type OfficesRoom = Ways & {
  readonly shell: ConsoleShell;
  readonly offices: readonly ListedOffice[];
  readonly regions: readonly string[];
  readonly address: Address;
  readonly found: Found;
  readonly sorts: Readonly<Record<'name' | 'place', NonNullable<Column['sort']>>>;
  /** She sees those of all. */
  readonly agencies: boolean;
};

/** Where people are attended: open when, by how many, and who waits. */
export function officesPage(frame: Frame, p: OfficesRoom): Page {
  const { words } = frame;
  const w = words.officeList;
  const { title } = words.console.rooms.offices;
  const { asked } = p.address;
  const choice = (name: string, label: string, all: Readonly<Record<string, string>>) =>
    choicePart({
      name,
      label,
      everything: name === 'region' ? w.everywhere : words.table.all,
      all,
      chosen: asked[name],
    });
  const columns: readonly Column[] = [
    { title: w.columns.name, sort: p.sorts.name },
    { title: w.columns.place, sort: p.sorts.place },
    ...[w.columns.hours, w.columns.rostered, w.columns.waiting].map((one) => ({ title: one })),
  ];
  const body = html`
    <p class="lead">${w.lead}</p>
    <section aria-labelledby="oficinas">
      <h2 id="oficinas" class="unseen">${title}</h2>
      ${filterPart(frame, {
        ...{ address: p.address, keep: ['orden'], label: words.table.filterOf(title) },
        fields: html`${p.agencies && choice('agencia', w.agency, words.console.agencies)}
        ${choice('region', w.region, Object.fromEntries(p.regions.map((one) => [one, one])))}`,
      })}
      ${tablePart(frame, {
        ...{
          by: 'oficinas',
          none: asked['agencia'] || asked['region'] ? w.none : w.noneYet,
          found: p.found,
          pages: pageLinks(frame, p),
        },
        columns,
        rows: p.offices.map((one) => row(frame, p, one)),
      })}
    </section>
  `;
  return consolePage(frame, { shell: p.shell, room: 'offices', body });
}

function row({ lang, words }: Frame, p: OfficesRoom, one: ListedOffice): Page {
  const w = words.officeList;
  const [today] = one.days;
  const alone = today !== undefined && today.open.length > 0 && one.rostered === 0;
  return html`<tr>
    <th scope="row">${one.name}${p.agencies && html`<div class="soft">${words.console.agencies[one.agency]}</div>`}</th>
    <td>${one.region}<br />${one.comuna}</td>
    <td>
      ${one.days.map(
        ({ day, open }, at) =>
          html`<div class="whole">
            ${at === 0 ? w.today : calendarDay(lang, day, 'short')}: ${open.join(', ') || w.closed}
          </div>`,
      )}
    </td>
    <td>
      ${one.rostered} ${alone && html`<div class="soft">${w.nobody}</div>`}
      ${
        one.mayRoster &&
        html`<div>
          <a href=${rosterPath({ office: one.id })} aria-label=${w.rosterOf(one.name)}>${w.roster}</a>
        </div>`
      }
    </td>
    <td>${one.waiting}</td>
  </tr>`;
}
