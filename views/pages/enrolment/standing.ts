import type { Rejection } from '#src/domain/checklist.ts';
import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { hidden } from '../../parts/form.ts';
import { clockTime, weekdayInWords } from '../../parts/moment.ts';
import { mainWay, otherWay, type Way } from '../../parts/way.ts';
import { whyNot } from '../../parts/why-not.ts';
import type { Words } from '../../words.ts';
import type { ShownOffice } from './hour.ts';

type Stage = keyof Words['enrolment']['standing']['stages'];
export type StandingShown = {
  readonly csrf: string;
  readonly stage: Stage;
  /** Milliseconds. */
  readonly now: number;
  readonly hour?:
    | { readonly channel: 'video' | 'office'; readonly startsAt: number; readonly office?: ShownOffice | undefined }
    | undefined;
  readonly line?:
    { readonly before: number; readonly wait?: { readonly from: number; readonly to: number } | undefined } | undefined;
  /** Why she was not identified. */
  readonly why?: Rejection | undefined;
  readonly wanting: boolean;
  /** Her video room. */
  readonly call?: string | undefined;
  readonly back?: Way | undefined;
};

/** Where her request stands, and what she does next. */
export function standingPage(frame: Frame, p: StandingShown): Page {
  const w = frame.words.enrolment.standing;
  const { title, text } = p.line ? { title: w.line.title, text: w.line.keep } : w.stages[p.stage];
  const act = (value: string, label: string): Page => html`
    <form method="post" action="/obtener/lista">
      ${hidden('csrf', p.csrf)}
      <button class="boton-texto" name="acto" value=${value}>${label}</button>
    </form>
  `;
  // What cannot be taken back wants a second press, wherever the thumb has landed.
  const sure = (value: string, { label, text: what, sure: yes }: (typeof w)['cancel']): Page => html`
    <details class="more">
      <summary>${label}</summary>
      <p>${what}</p>
      <form method="post" action="/obtener/lista">
        ${hidden('csrf', p.csrf)}
        <button class="boton boton-segundo" name="acto" value=${value}>${yes}</button>
      </form>
    </details>
  `;
  const open = p.stage === 'contact-confirmed' || p.stage === 'booked';
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p>${text}</p>
      ${p.stage === 'rejected' && whyNot(frame, p.why)} ${p.stage === 'booked' && p.hour && booked(frame, p.hour)}
      ${p.line && inLine(frame, p.line)} ${p.wanting && open && html`<p class="note" role="status">${w.wanting}</p>`}
      <div class="stack">${toCall(frame, p)} ${next(frame, p)} ${p.back && otherWay(p.back)}</div>
      ${p.line && html`<div class="below">${act('salir', w.line.leave)}</div>`}
      <div class="ends">
        ${p.stage === 'booked' && sure('cancelar', w.cancel)} ${open && sure('retirar', w.withdraw)}
      </div>
    </div>
  `;
  return layout(frame, { title, main, narrow: true, sheet: 'booking', scripts: p.line ? ['waiting'] : [] });
}

/** Into her room, and, before the hour, the test of camera and microphone. */
function toCall({ words }: Frame, { stage, call, line }: StandingShown): Page | undefined {
  if (call === undefined) return undefined;
  const w = words.call;
  switch (stage) {
    case 'contact-confirmed':
      return line && mainWay({ href: call, label: w.enter });
    case 'booked':
      return html`${mainWay({ href: call, label: w.enter })}${otherWay({ href: `${call}/prueba`, label: w.toTest })}`;
    case 'in-session':
      return mainWay({ href: call, label: w.enter });
    case 'code-issued':
      return otherWay({ href: call, label: w.ended.code.way });
    case 'requested':
    case 'held':
    case 'identified':
    case 'activated':
    case 'rejected':
    case 'withdrawn':
    case 'expired':
      return undefined;
  }
}

function next({ words: { enrolment } }: Frame, { stage, line }: StandingShown): Page | undefined {
  const w = enrolment.standing;
  switch (stage) {
    case 'requested':
      return otherWay({ href: '/obtener', label: w.new });
    case 'contact-confirmed':
      return line
        ? otherWay({ href: '/obtener/lista', label: w.line.again })
        : mainWay({ href: '/obtener/hora', label: w.choose });
    case 'booked':
      return otherWay({ href: '/obtener/hora', label: w.move });
    case 'code-issued':
      return mainWay({ href: '/activar', label: w.activate });
    case 'activated':
      return mainWay({ href: '/cuenta', label: w.account });
    case 'rejected':
      return html`${mainWay({ href: '/ayuda#oficinas', label: w.offices })}${otherWay({ href: '/obtener', label: w.new })}`;
    case 'withdrawn':
    case 'expired':
      return mainWay({ href: '/obtener', label: w.new });
    case 'in-session':
    case 'held':
    case 'identified':
      return undefined;
  }
}

function booked({ lang, words }: Frame, { channel, startsAt, office }: NonNullable<StandingShown['hour']>): Page {
  const w = words.enrolment.standing;
  const place = office ? `${office.name}, ${office.address}, ${office.comuna}` : w.video;
  return html`
    <dl class="appointment">
      <dt>${w.when}</dt>
      <dd>${w.at(weekdayInWords(lang, startsAt), clockTime(lang, startsAt))}</dd>
      <dt>${w.where}</dt>
      <dd>${place}</dd>
      <dt>${w.bring}</dt>
      <dd>${channel === 'video' ? w.bringVideo : w.bringOffice}</dd>
    </dl>
  `;
}

function inLine({ words }: Frame, { before, wait }: NonNullable<StandingShown['line']>): Page {
  const w = words.enrolment.standing.line;
  return html`<p class="note" role="status" data-waiting="">
    <strong>${before === 0 ? w.next : w.before(before)}</strong>${' '}${wait ? w.wait(wait.from, wait.to) : w.unknown}
  </p>`;
}
