import type { AccountEvent, Desk, Period, Way } from '#src/domain/activity.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, SECTIONS, type AccountShell } from '../../parts/account.ts';
import type { Words } from '../../words.ts';
import { clockTime, dayHead, deviceInWords } from '../../parts/moment.ts';

/** Milliseconds. */
export type ShownLine =
  | { readonly kind: 'access'; readonly at: number; readonly site: string; readonly way: Way; readonly device: string }
  | {
      readonly kind: 'event';
      readonly at: number;
      readonly event: AccountEvent;
      readonly site: string | undefined;
      readonly desk?: Desk | undefined;
    };
export type ActivityShown = {
  readonly shell: AccountShell;
  readonly lines: readonly ShownLine[];
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  /** A client, `cambios`, or empty for all. */
  readonly site: string;
  readonly period: Period;
  readonly page: number;
  readonly more: boolean;
};

const PERIODS: readonly Period[] = [7, 30, 365];

/** Which sites, when and how, and what happened to the account; by site and period, in pages (R-32). */
export function activityPage(frame: Frame, p: ActivityShown): Page {
  const { lang, words } = frame;
  const w = words.activity;
  const { now } = p.shell;
  const days = Map.groupBy(p.lines, ({ at }) => dayHead({ lang, words, at, now }));
  const href = (page: number) =>
    `/cuenta/actividad?${new URLSearchParams({ sitio: p.site, periodo: String(p.period), pagina: String(page) }).toString()}`;
  const option = (value: string, label: string, chosen: boolean) =>
    html`<option value=${value} selected=${chosen}>${label}</option>`;
  const body = html`
    <p class="quiet">
      ${w.text} ${w.unknown.text} <a href=${SECTIONS.password}>${w.unknown.change}</a>${' '}
      <a href="/ayuda">${w.unknown.call}</a>
    </p>
    <form class="filter" method="get" action="/cuenta/actividad">
      <div class="field">
        <label for="sitio">${w.site}</label>
        <select id="sitio" name="sitio">
          ${option('', w.all, p.site === '')} ${option('cambios', w.own, p.site === 'cambios')}
          ${p.sites.map(({ id, name }) => option(id, name, p.site === id))}
        </select>
      </div>
      <div class="field">
        <label for="periodo">${w.period}</label>
        <select id="periodo" name="periodo">
          ${PERIODS.map((period) => option(String(period), w.periods[period], p.period === period))}
        </select>
      </div>
      <button class="boton boton-segundo">${w.show}</button>
    </form>
    ${p.lines.length === 0 && html`<p>${w.none}</p>`}
    ${[...days].map(
      ([day, lines]) =>
        html`<section class="day">
          <h2>${day}</h2>
          <ul class="timeline">
            ${lines.map((line) => html`<li><span class="time">${clockTime(lang, line.at)}</span>${said(frame, line)}</li>`)}
          </ul>
        </section>`,
    )}
    ${
      (p.more || p.page > 1) &&
      html`<nav class="pages" aria-label=${w.pages}>
        ${p.page > 1 && html`<a class="boton boton-segundo" href=${href(p.page - 1)}>${w.newer}</a>`}
        ${p.more && html`<a class="boton boton-segundo" href=${href(p.page + 1)}>${w.older}</a>`}
      </nav>`
    }
  `;
  return accountPage(frame, { shell: p.shell, section: 'activity', body });
}

function said({ words }: Frame, line: ShownLine): Page {
  const w = words.activity;
  const [title, note] =
    line.kind === 'access'
      ? [w.entered(line.site), `${w.ways[line.way]}, ${words.account.device.from(deviceInWords(words, line.device))}`]
      : [w.events[line.event], line.desk ? atDesk(words, line.desk) : line.site && w.at(line.site)];
  return html`<div><strong>${title}</strong>${note !== undefined && html`<span class="row-note">${note}</span>`}</div>`;
}

/** The office and its reason: not who it was, which the record knows (docs/decisions.md). */
function atDesk({ activity: w, console: staff }: Words, { role, agency, office, reason }: Desk): string {
  const where = [agency && staff.agencies[agency], office].filter(Boolean).join(', ');
  return `${w.desk(where === '' ? 'ClaveÚnica' : where, w.deskRoles[role])} ${w.deskWhy(w.deskReasons[reason])}`;
}
