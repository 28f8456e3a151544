import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { doneNote } from '../../parts/done.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { calendarDay, clockTime, weekdayInWords } from '../../parts/moment.ts';

export type ShownOffice = {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly comuna: string;
};
export type HourShown = {
  readonly csrf: string;
  readonly channel: 'video' | 'office';
  readonly offices: readonly ShownOffice[];
  readonly office?: ShownOffice | undefined;
  /** ISO, those with something free. */
  readonly days: readonly string[];
  readonly day?: string | undefined;
  readonly places: readonly { readonly id: string; readonly time: string }[];
  /** When the hour begins that she has, and would move. Milliseconds. */
  readonly mine?: number | undefined;
  /** She has just given hers back. */
  readonly cancelled?: boolean | undefined;
  /** Minutes in the line, now; undefined while nobody attends. */
  readonly line?: { readonly from: number; readonly to: number } | undefined;
  readonly problem?: 'none' | 'full' | 'office-only' | undefined;
};

/** How, where, which day, which hour: each a link or one form, so that it works without any script. */
export function hourPage(frame: Frame, p: HourShown): Page {
  const { lang, words } = frame;
  const w = words.enrolment.hour;
  const { channel, office } = p;
  const query = (more: string) =>
    `/obtener/hora?canal=${channel}${office ? `&oficina=${encodeURIComponent(office.id)}` : ''}${more}`;
  const choice = (to: 'video' | 'office', label: string): Page =>
    html`<a href=${`/obtener/hora?canal=${to}`} aria-current=${to === channel ? 'true' : undefined}>${label}</a>`;
  const problem = p.problem && { ...w.problem[p.problem], target: p.places.length > 0 ? 'hora' : undefined };
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${problem && problemSummary(problem)} ${doneNote(p.cancelled === true ? w.cancelled : undefined)}
      ${p.mine !== undefined && hers(frame, p.mine)}
      <nav class="choices" aria-label=${w.channel}>${choice('video', w.video)}${choice('office', w.atOffice)}</nav>
      <p>${channel === 'video' ? w.videoText : w.officeText}</p>
      ${channel === 'office' && officeForm(frame, p)}
      ${
        p.days.length > 0 &&
        html`<h2 id="dia">${w.day}</h2>
          <nav class="choices days" aria-labelledby="dia">
            ${p.days.map(
              (day) =>
                html`<a href=${query(`&dia=${day}`)} aria-current=${day === p.day ? 'date' : undefined}
                  >${calendarDay(lang, day, 'short')}</a
                >`,
            )}
          </nav>`
      }
      ${p.day !== undefined && timesForm(frame, p, p.day)}
      ${(channel === 'video' || office) && p.days.length === 0 && html`<p class="note">${w.nothing}</p>`}
      ${
        (channel === 'video' || office) &&
        html`<form method="post" action="/obtener/hora">
          ${hidden('csrf', p.csrf)} ${hidden('canal', channel)} ${office && hidden('oficina', office.id)}
          <button class="boton-texto" name="acto" value="avisar">${w.tell}</button>
        </form>`
      }
    </div>
    ${
      channel === 'video' &&
      p.line &&
      html`<div class="card">
        <h2>${w.line.title}</h2>
        <p>${w.line.text(p.line.from, p.line.to)}</p>
        <form class="stack" method="post" action="/obtener/hora">
          ${hidden('csrf', p.csrf)}
          <button class="boton boton-segundo" name="acto" value="fila">${w.line.submit}</button>
        </form>
      </div>`
    }
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: problem !== undefined, sheet: 'booking' });
}

const hers = ({ lang, words: { enrolment } }: Frame, startsAt: number): Page => html`
  <p class="note">
    ${enrolment.hour.mine.text(enrolment.standing.at(weekdayInWords(lang, startsAt), clockTime(lang, startsAt)))}${' '}
    <a href="/obtener/lista">${enrolment.hour.mine.keep}</a>
  </p>
`;

const officeForm = ({ words: { enrolment } }: Frame, { offices, office }: HourShown): Page => html`
  <form class="stack" method="get" action="/obtener/hora">
    ${hidden('canal', 'office')}
    <div class="field">
      <label for="oficina">${enrolment.hour.office}</label>
      <select id="oficina" name="oficina" required>
        ${office === undefined && html`<option value="">${enrolment.hour.chooseOffice}</option>`}
        ${offices.map(
          ({ id, name, address, comuna }) =>
            html`<option value=${id} selected=${id === office?.id}>${`${name}: ${address}, ${comuna}`}</option>`,
        )}
      </select>
    </div>
    <button class="boton boton-segundo">${enrolment.hour.see}</button>
  </form>
`;

function timesForm({ lang, words }: Frame, { csrf, places }: HourShown, day: string): Page {
  const w = words.enrolment.hour;
  return html`
    <form class="stack" method="post" action="/obtener/hora">
      ${hidden('csrf', csrf)}
      <fieldset class="times" id="hora" tabindex="-1">
        <legend>${w.time(calendarDay(lang, day, 'long'))}</legend>
        <p class="hint">${w.zone}</p>
        <div>
          ${places.map(
            ({ id, time }) =>
              html`<label><input type="radio" name="hora" value=${id} required /><span>${time}</span></label>`,
          )}
        </div>
      </fieldset>
      <button class="boton boton-principal" data-sending=${w.booking}>${w.submit}</button>
    </form>
  `;
}
