import type { Channel } from '#src/domain/checklist.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { clockTime } from '../../parts/moment.ts';
import type { Words } from '../../words.ts';

export type Agenda = {
  readonly shell: ConsoleShell;
  /** Where her open session is, if she has one. */
  readonly inHand: string | undefined;
  readonly waiting: number;
  readonly dueToday: number;
  readonly mine: readonly {
    readonly at: number;
    readonly channel: Channel;
    readonly result: keyof Words['desk']['agenda']['results'];
  }[];
  readonly note?: 'nobody' | 'busy' | 'stopped' | undefined;
  readonly refused?: Refusal | undefined;
};

/** Today: who is next, and what she has done; whom she gets, the line decides (R-54). */
export function agendaPage(frame: Frame, p: Agenda): Page {
  const w = frame.words.desk.agenda;
  const body = html`
    <p class="lead">${w.lead}</p>
    ${nextPerson(frame, { ...p, channel: 'video' })}
    <dl class="figures">
      <div>
        <dt>${w.waiting}</dt>
        <dd>${p.waiting}</dd>
      </div>
      <div>
        <dt>${w.dueToday}</dt>
        <dd>${p.dueToday}</dd>
      </div>
    </dl>
    <section aria-labelledby="mias">
      <h2 id="mias">${w.mine}</h2>
      ${p.mine.length === 0 ? html`<p class="soft">${w.none}</p>` : sessions(frame, p)}
    </section>
  `;
  return consolePage(frame, { shell: p.shell, room: 'agenda', refused: p.refused, scripts: ['checklist'], body });
}

type Next = Pick<Agenda, 'shell' | 'inHand' | 'note'> & { readonly channel: Channel };

/** The one button; or the way back to the person she has with her. */
export function nextPerson({ words }: Frame, p: Next): Page {
  const w = words.desk.agenda;
  if (p.inHand !== undefined)
    return html`<p class="note">${p.note === 'busy' ? w.busy : w.inHand}${' '}<a href=${p.inHand}>${w.goOn}</a></p>`;
  return html`
    ${p.note !== undefined && html`<p class="note" role="status" tabindex="-1" data-focus="">${w[p.note]}</p>`}
    <form method="post" action="/agenda/siguiente">
      ${hidden('csrf', p.shell.csrf)} ${hidden('canal', p.channel)}
      <button class="boton boton-principal">${w.next[p.channel]}</button>
    </form>
  `;
}

function sessions({ lang, words }: Frame, { mine }: Agenda): Page {
  const w = words.desk.agenda;
  return html`<div class="table" role="group" aria-labelledby="mias" tabindex="0">
    <table>
      <thead>
        <tr>
          <th scope="col">${w.columns.at}</th>
          <th scope="col">${w.columns.channel}</th>
          <th scope="col">${w.columns.result}</th>
        </tr>
      </thead>
      <tbody>
        ${mine.map(
          ({ at, channel, result }) =>
            html`<tr>
              <td>${clockTime(lang, at)}</td>
              <td>${w.channels[channel]}</td>
              <td>${w.results[result]}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export type Desk = Pick<Agenda, 'shell' | 'inHand' | 'note' | 'refused'> & {
  readonly typed: {
    readonly run: string;
    readonly documento: string;
    readonly email: string;
    readonly telefono: string;
  };
  readonly said?: 'arrived' | 'noCase' | 'byVideo' | 'malformed' | 'asked' | 'invalid' | undefined;
};

/** The desk: who has come, and who is next. */
export function deskPage(frame: Frame, p: Desk): Page {
  const w = frame.words.desk.meson;
  const bad = p.said === 'noCase' || p.said === 'byVideo' || p.said === 'malformed' || p.said === 'invalid';
  const said = p.said && (p.said === 'asked' ? w.ask.done : p.said === 'invalid' ? w.ask.invalid : w[p.said]);
  const body = html`
    <p class="lead">${w.lead}</p>
    ${said !== undefined && html`<p class=${bad ? 'problem' : 'note'} role="status" tabindex="-1" data-focus="">${said}</p>`}
    ${nextPerson(frame, { ...p, channel: 'office' })}
    <section aria-labelledby="llegada">
      <h2 id="llegada">${w.arrival}</h2>
      <form method="post" action=${`${ROOMS.desk}/llegada`} class="form">
        ${hidden('csrf', p.shell.csrf)}
        <div class="field">
          <label for="run">${w.run}</label>
          <input id="run" name="run" value=${p.typed.run} autocomplete="off" data-run="" required />
        </div>
        <button class="boton boton-segundo">${w.arrive}</button>
      </form>
    </section>
    ${asking(frame, p)}
    <p><a href=${`${ROOMS.desk}/segundo-codigo`}>${w.second.link}</a></p>
  `;
  return consolePage(frame, { shell: p.shell, room: 'desk', refused: p.refused, scripts: ['checklist'], body });
}

function asking({ words }: Frame, { shell, typed, said }: Desk): Page {
  const w = words.desk.meson;
  const field = (
    name: 'documento' | 'email' | 'telefono',
    p: { label: string; type: string; required?: boolean },
  ) => html`
    <div class="field">
      <label for=${`pedir-${name}`}>${p.label}</label>
      <input
        id=${`pedir-${name}`}
        name=${name}
        type=${p.type}
        value=${typed[name]}
        autocomplete="off"
        required=${p.required === true}
      />
    </div>
  `;
  return html`
    <details class="act" open=${said === 'noCase' || said === 'invalid'}>
      <summary>${w.ask.title}</summary>
      <form method="post" action=${`${ROOMS.desk}/solicitud`} class="form">
        ${hidden('csrf', shell.csrf)}
        <p>${w.ask.text}</p>
        <div class="field">
          <label for="pedir-run">${w.run}</label>
          <input id="pedir-run" name="run" value=${typed.run} autocomplete="off" data-run="" required />
        </div>
        ${field('documento', { label: w.ask.documento, type: 'text', required: true })}
        ${field('email', { label: w.ask.email, type: 'email' })}
        ${field('telefono', { label: w.ask.phone, type: 'tel' })}
        <button class="boton boton-segundo">${w.ask.button}</button>
      </form>
    </details>
  `;
}
