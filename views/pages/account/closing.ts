import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { accountPage, SECTIONS, type AccountShell } from '../../parts/account.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { mainWay, otherWay } from '../../parts/way.ts';

export type Closing = {
  readonly shell: AccountShell;
  /** The tick is missing. */ readonly unsure?: boolean | undefined;
};

const points = (all: readonly string[]): Page =>
  html`<ul class="points">
    ${all.map((point) => html`<li>${point}</li>`)}
  </ul>`;

/** Block now, or close for ever; what follows is said first. */
export function closingPage(frame: Frame, { shell, unsure = false }: Closing): Page {
  const { block, close } = frame.words.closing;
  const body = html`
    ${unsure && problemSummary({ ...close.problem, target: 'entiendo' })}
    <section class="choice">
      <h2>${block.title}</h2>
      <p>${block.text}</p>
      ${points(block.points)}
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

/** After it; nobody is signed in any more. */
export function shutPage(frame: Frame, { how }: { readonly how: 'blocked' | 'closed' }): Page {
  const { closing, ways } = frame.words;
  const { title, text } = closing[how];
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      <div class="stack">
        ${how === 'blocked' && mainWay({ href: '/recuperar', label: closing.blocked.way })}
        ${(how === 'blocked' ? otherWay : mainWay)({ href: '/', label: ways.home })}
      </div>
    </div>
  `;
  return layout(frame, { title, main, narrow: true });
}
