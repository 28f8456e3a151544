import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { accountPage, SECTIONS, type AccountShell } from '../../parts/account.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { mainWay, otherWay } from '../../parts/way.ts';

export type Closing = {
  readonly shell: AccountShell;
  /** She has a confirmed address, so that recovery opens what she blocks. */
  readonly mailed: boolean;
  /** The tick is missing. */ readonly unsure?: boolean | undefined;
};

const points = (all: readonly string[]): Page =>
  html`<ul class="points">
    ${all.map((point) => html`<li>${point}</li>`)}
  </ul>`;

/** Block now, or close for ever; what follows is said first. */
export function closingPage(frame: Frame, { shell, mailed, unsure = false }: Closing): Page {
  const { block, close } = frame.words.closing;
  const body = html`
    ${unsure && problemSummary({ ...close.problem, target: 'entiendo' })}
    <section class="choice">
      <h2>${block.title}</h2>
      <p>${block.text}</p>
      ${points([...block.points, mailed ? block.opens.byMail : block.opens.atOffice])}
      <form method="post" action=${SECTIONS.close}>
        ${hidden('csrf', shell.csrf)} ${hidden('accion', 'bloquear')}
        <button class="boton boton-principal">${block.submit}</button>
      </form>
    </section>
    <section class="choice">
      <h2>${close.title}</h2>
      <p>${close.text}${' '}<a href=${SECTIONS.export}>${frame.words.account.sections.export.title}</a></p>
      ${points(close.points)}
      <form class="stack" method="post" action=${SECTIONS.close} novalidate>
        ${hidden('csrf', shell.csrf)} ${hidden('accion', 'cerrar')}
        <div class="check">
          <input id="entiendo" name="entiendo" type="checkbox" required aria-invalid=${unsure ? 'true' : undefined} />
          <label for="entiendo">${close.understood}</label>
        </div>
        <button class="boton boton-peligro">${close.submit}</button>
      </form>
    </section>
  `;
  return accountPage(frame, { shell, section: 'close', body, problem: unsure });
}

const OPENS = { blocked: '/recuperar', blockedForOffice: '/ayuda#oficinas', closed: undefined } as const;

/** After it; nobody is signed in any more. Who has no mailbox is not sent to a recovery by mail. */
export function shutPage(frame: Frame, { how }: { readonly how: keyof typeof OPENS }): Page {
  const { closing, ways } = frame.words;
  const { title, text } = closing[how];
  const way = how === 'closed' ? undefined : { href: OPENS[how], label: closing[how].way };
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      <div class="stack">${way && mainWay(way)} ${(way ? otherWay : mainWay)({ href: '/', label: ways.home })}</div>
    </div>
  `;
  return layout(frame, { title, main, narrow: true });
}
