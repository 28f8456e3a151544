import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { calendarDay, dayInWords } from '../../parts/moment.ts';
import { addressOf } from '../../parts/table.ts';
import type { Words } from '../../words.ts';

export type ShiftShown = {
  readonly officer: string;
  readonly name: string;
  /** ISO. */
  readonly day: string;
  /** `09:00`. */
  readonly from: string;
  readonly to: string;
  readonly channel: 'video' | 'office';
  readonly office: string | undefined;
};
export type RosterRoom = {
  readonly shell: ConsoleShell;
  /** Monday, ISO; and the ones beside it. */
  readonly week: string;
  readonly before: string;
  readonly after: string;
  readonly shifts: readonly ShiftShown[];
  readonly officers: readonly { readonly id: string; readonly name: string }[];
  readonly offices: readonly { readonly id: string; readonly name: string }[];
  /** The office whose shifts alone are shown. */
  readonly only?: { readonly id: string; readonly name: string } | undefined;
  readonly typed?:
    Readonly<Record<'funcionario' | 'dia' | 'desde' | 'hasta' | 'canal' | 'oficina', string>> | undefined;
  readonly fault?: keyof Words['desk']['rosters']['faults'] | undefined;
  readonly refused?: Refusal | undefined;
};

/** The shifts of a week, or of one office alone. */
export const rosterPath = (of: { readonly week?: string; readonly office?: string | undefined }): string =>
  addressOf({ path: ROOMS.rosters, asked: { semana: of.week, oficina: of.office } });

/** A week of shifts, and one form to add to it. */
export function rostersPage(frame: Frame, p: RosterRoom): Page {
  const w = frame.words.desk.rosters;
  const noon = Date.parse(`${p.week}T16:00:00Z`);
  const body = html`
    <p class="lead">${w.lead}</p>
    ${p.only && html`<p>${w.of(p.only.name)} <a href=${rosterPath({ week: p.week })}>${w.all}</a></p>`}
    <nav class="ways" aria-label=${w.week(dayInWords(frame.lang, noon))}>
      <a href=${rosterPath({ week: p.before, office: p.only?.id })}>← ${w.before}</a>
      <a href=${rosterPath({ week: p.after, office: p.only?.id })}>${w.after} →</a>
    </nav>
    <section aria-labelledby="semana">
      <h2 id="semana">${w.week(dayInWords(frame.lang, noon))}</h2>
      ${p.shifts.length === 0 ? html`<p class="soft">${w.none}</p>` : shifts(frame, p)}
    </section>
    ${adding(frame, p)}
  `;
  return consolePage(frame, { shell: p.shell, room: 'rosters', refused: p.refused, scripts: ['checklist'], body });
}

function shifts(frame: Frame, p: RosterRoom): Page {
  const { lang, words } = frame;
  const w = words.desk.rosters;
  const day = (iso: string) => calendarDay(lang, iso, 'long');
  return html`<div class="table" role="group" aria-labelledby="semana" tabindex="0">
    <table>
      <thead>
        <tr>
          ${Object.values(w.columns).map((name) => html`<th scope="col">${name}</th>`)}
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${p.shifts.map(
          (one) =>
            html`<tr>
              <td>${day(one.day)}</td>
              <th scope="row">${one.name}</th>
              <td>${one.from}</td>
              <td>${one.to}</td>
              <td>${words.desk.agenda.channels[one.channel]}</td>
              <td>${one.office ?? '—'}</td>
              <td>${removing(frame, p, one)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The places go with it at once, so it wants a second press, wherever the pointer has landed. */
function removing({ lang, words }: Frame, { shell, only }: RosterRoom, { officer, name, day, from }: ShiftShown): Page {
  const w = words.desk.rosters.removing;
  const which = `${name}, ${calendarDay(lang, day, 'long')}, ${from}`;
  return html`<details class="more">
    <summary>${w.label}<span class="unseen">: ${which}</span></summary>
    <p>${w.text}</p>
    <form method="post" action=${`${ROOMS.rosters}/quitar`}>
      ${hidden('csrf', shell.csrf)} ${hidden('funcionario', officer)} ${hidden('dia', day)} ${hidden('desde', from)}
      ${only && hidden('solo', only.id)}
      <button class="boton boton-segundo">${w.sure}<span class="unseen">: ${which}</span></button>
    </form>
  </details>`;
}

function adding({ words }: Frame, p: RosterRoom): Page {
  const w = words.desk.rosters;
  const typed = p.typed ?? {
    funcionario: '',
    dia: p.week,
    desde: '09:00',
    hasta: '13:00',
    canal: p.only ? 'office' : 'video',
    oficina: p.only?.id ?? '',
  };
  const input = (name: 'dia' | 'desde' | 'hasta', label: string, type: string) => html`
    <div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} type=${type} value=${typed[name]} required />
    </div>
  `;
  const select = (
    name: 'funcionario' | 'canal' | 'oficina',
    label: string,
    all: readonly (readonly [string, string])[],
  ) => html`
    <div class="field">
      <label for=${name}>${label}</label>
      <select id=${name} name=${name}>
        ${all.map(([value, text]) => html`<option value=${value} selected=${value === typed[name]}>${text}</option>`)}
      </select>
    </div>
  `;
  return html`
    <section aria-labelledby="agregar">
      <h2 id="agregar">${w.add}</h2>
      ${p.fault !== undefined && html`<p class="problem" role="alert" tabindex="-1" data-focus="">${w.faults[p.fault]}</p>`}
      <form method="post" action=${ROOMS.rosters} class="form">
        ${hidden('csrf', p.shell.csrf)} ${p.only && hidden('solo', p.only.id)}
        ${select(
          'funcionario',
          w.columns.officer,
          p.officers.map(({ id, name }) => [id, name]),
        )}
        <div class="pair week">
          ${input('dia', w.columns.day, 'date')} ${input('desde', w.columns.from, 'time')}
          ${input('hasta', w.columns.to, 'time')}
        </div>
        ${select('canal', w.columns.channel, [
          ['video', words.desk.agenda.channels.video],
          ['office', words.desk.agenda.channels.office],
        ])}
        ${select('oficina', w.columns.office, [['', '—'], ...p.offices.map(({ id, name }) => [id, name] as const)])}
        <button class="boton boton-principal">${w.add}</button>
      </form>
    </section>
  `;
}
