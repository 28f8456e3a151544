import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { hidden, problemSummary } from '../parts/form.ts';
import { siteCard, type Rp } from '../parts/site.ts';
import { otherWay } from '../parts/way.ts';

/** Names of these forms are oidc-provider's own (RFC 8628 §3.3). */
type DeviceForm = { readonly action: string; readonly xsrf: string };

/** Asks for the code that another device shows. */
export function deviceCodePage(frame: Frame, p: DeviceForm & { readonly wrong?: boolean }): Page {
  const w = frame.words.device;
  const wrong = p.wrong === true;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${wrong ? problemSummary({ title: w.wrong.title, text: w.wrong.text, target: 'user_code' }) : html`<p>${w.text}</p>`}
      <form class="stack" id="op.deviceInputForm" method="post" action=${p.action} novalidate>
        ${hidden('xsrf', p.xsrf)}
        <div class="field">
          <div class="field-top">
            <label for="user_code">${w.field}</label>
            <span class="hint" id="codigo-ejemplo">${w.hint}</span>
          </div>
          ${wrong && html`<p class="field-problem" id="codigo-problema">${w.wrong.field}</p>`}
          <input
            id="user_code"
            name="user_code"
            type="text"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck="false"
            required
            autofocus
            aria-describedby=${wrong ? 'codigo-problema codigo-ejemplo' : 'codigo-ejemplo'}
            aria-invalid=${wrong ? 'true' : undefined}
          />
        </div>
        <button class="boton boton-principal">${w.submit}</button>
      </form>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: wrong });
}

/** Shows the code once more, so that nobody lets another one's device in. */
export function deviceConfirmPage(frame: Frame, p: DeviceForm & { readonly code: string; readonly rp: Rp }): Page {
  const w = frame.words.device.confirm;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${siteCard(frame.words, p.rp)}
      <p class="lead"><code>${p.code}</code></p>
      <p>${w.text}</p>
      <form class="stack" id="op.deviceConfirmForm" method="post" action=${p.action}>
        ${hidden('xsrf', p.xsrf)} ${hidden('user_code', p.code)} ${hidden('confirm', 'yes')}
        <button class="boton boton-principal" autofocus>${w.submit}</button>
        <button class="boton boton-segundo" name="abort" value="yes">${w.cancel}</button>
      </form>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}

const said = (frame: Frame, { title, text }: { readonly title: string; readonly text: string }): Page =>
  layout(frame, {
    ...{ title, narrow: true },
    main: html`
      <div class="card">
        <h1>${title}</h1>
        <p class="lead">${text}</p>
        <div class="stack">${otherWay({ href: '/', label: frame.words.ways.home })}</div>
      </div>
    `,
  });

export const deviceDonePage = (frame: Frame): Page => said(frame, frame.words.device.done);

/** What a person would be asked on her telephone (CIBA); in the emulator alone. */
export function approvalPage(frame: Frame, p: { readonly action: string; readonly id: string }): Page {
  const w = frame.words.approval;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${w.text}</p>
      <form class="stack" method="post" action=${p.action}>
        ${hidden('auth_req_id', p.id)}
        <button class="boton boton-principal" name="action" value="allow">${w.allow}</button>
        <button class="boton boton-segundo" name="action" value="deny">${w.deny}</button>
      </form>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}

export const approvedPage = (frame: Frame, allowed: boolean): Page =>
  said(frame, frame.words.approval[allowed ? 'allowed' : 'denied']);
