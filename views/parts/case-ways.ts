import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import type { CaseWork } from './checklist.ts';
import { hidden } from './form.ts';

/** All that can happen instead of an approval. */
export function caseWays(frame: Frame, work: CaseWork): Page {
  return html`
    <div class="case-ways">
      ${rejecting(frame, work)} ${excepting(frame, work)} ${flagging(frame, work)} ${cutting(frame, work)}
    </div>
  `;
}

const way = (
  { csrf, caseId }: CaseWork,
  p: {
    readonly to: string;
    readonly summary: string;
    readonly body: Page;
    readonly button: string;
    readonly open?: boolean;
  },
): Page => html`
  <details class="act" open=${p.open === true}>
    <summary>${p.summary}</summary>
    <form method="post" action=${`/casos/${caseId}/${p.to}`} class="form">
      ${hidden('csrf', csrf)} ${p.body}
      <button class="boton boton-segundo">${p.button}</button>
    </form>
  </details>
`;

const choice = (name: string, all: readonly (readonly [string, string])[], chosen?: string): Page => html`
  ${all.map(
    ([value, label], index) =>
      html`<label class="tick"
        ><input type="radio" name=${name} value=${value} checked=${value === chosen} required=${index === 0} /><span
          >${label}</span
        ></label
      >`,
  )}
`;

function rejecting({ words }: Frame, work: CaseWork): Page {
  const w = words.checks.reject;
  const body = html`
    <fieldset>
      <legend>${w.legend}</legend>
      <p class="hint">${w.hint}</p>
      ${choice('motivo', Object.entries(w.reasons))}
    </fieldset>
  `;
  return way(work, { to: 'rechazar', summary: w.summary, body, button: w.button });
}

function excepting({ words }: Frame, work: CaseWork): Page {
  const w = words.checks.exception;
  const typed = work.excepting;
  const body = html`
    <p>${w.text}</p>
    <fieldset>
      <legend>${w.legend}</legend>
      ${choice('excepcion', Object.entries(w.kinds), typed?.kind)}
    </fieldset>
    <div class="field">
      <label for="excepcion-palabras">${w.words}</label>
      <textarea id="excepcion-palabras" name="palabras" rows="2" minlength="10" maxlength="500" required>
${typed?.words ?? ''}</textarea>
    </div>
    <div class="pair">
      <div class="field">
        <label for="excepcion-email">${w.email}</label>
        <input id="excepcion-email" name="email" type="email" value=${typed?.email} autocomplete="off" />
      </div>
      <div class="field">
        <label for="excepcion-telefono">${w.phone}</label>
        <input id="excepcion-telefono" name="telefono" type="tel" value=${typed?.phone} autocomplete="off" />
      </div>
    </div>
  `;
  const known = work.exceptions.map(
    ({ kind, granted }) =>
      html`<p class="note"><strong>${w.kinds[kind]}</strong>: ${granted ? w.granted : w.waiting}.</p>`,
  );
  const open = typed !== undefined;
  return html`${known} ${way(work, { to: 'excepcion', summary: w.summary, body, button: w.button, open })}`;
}

function flagging({ words }: Frame, work: CaseWork): Page {
  const w = words.checks.flag;
  const body = html`
    <p>${w.text}</p>
    <div class="field">
      <label for="alerta-palabras">${w.words}</label>
      <textarea id="alerta-palabras" name="palabras" rows="2" maxlength="500"></textarea>
    </div>
  `;
  return way(work, { to: 'alerta', summary: w.summary, body, button: w.button });
}

function cutting({ words }: Frame, work: CaseWork): Page {
  const w = words.checks.cut;
  return way(work, { to: 'cortar', summary: w.summary, body: html`<p>${w.text}</p>`, button: w.button });
}

/** Shown by the script when nothing came back: the page stays, with all that is on it. */
export function notSent({ words }: Frame, { caseId }: CaseWork): Page {
  const w = words.checks.problems;
  return html`
    <div class="problem" role="alert" tabindex="-1" data-not-sent="" hidden>
      <p class="problem-title">${w.notSent}</p>
      <p>${w.notSentWhy} <a href=${`/casos/${caseId}/llave`} target="_blank" rel="noopener">${w.notSentLink}</a>.</p>
    </div>
  `;
}
