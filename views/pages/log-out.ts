import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { hidden } from '../parts/form.ts';
import type { Rp } from '../parts/site.ts';
import { mainWay } from '../parts/way.ts';

/** Names of the form are oidc-provider's own. */
export function logOutPage(
  frame: Frame,
  p: { readonly action: string; readonly xsrf: string; readonly rp?: Rp | undefined },
): Page {
  const w = frame.words.logOut;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${p.rp ? w.from(p.rp.name) : w.text}</p>
      <p>${w.shared}</p>
      <form class="stack" id="op.logoutForm" method="post" action=${p.action}>
        ${hidden('xsrf', p.xsrf)}
        <button class="boton boton-principal" name="logout" value="yes" autofocus>${w.yes}</button>
        <button class="boton boton-segundo">${w.no}</button>
      </form>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}

/** Who answered no, where the site named no address of its own to come back to. */
export function stillInPage(frame: Frame, p: { readonly home: string; readonly rp?: Rp | undefined }): Page {
  const w = frame.words.logOut;
  const main = html`
    <div class="card">
      <h1>${w.stillIn}</h1>
      <p class="lead">${p.rp ? w.from(p.rp.name) : w.text}</p>
      <p>${w.shared}</p>
      <div class="stack">${mainWay({ href: p.home, label: w.home })}</div>
    </div>
  `;
  return layout(frame, { title: w.stillIn, main, narrow: true });
}

/** After the session has ended; `home` is where the button leads. */
export function loggedOutPage(frame: Frame, p: { readonly home: string }): Page {
  const w = frame.words.logOut;
  const main = html`
    <div class="card">
      <h1>${w.doneTitle}</h1>
      <p class="lead">${w.doneText}</p>
      <p>${w.doneShared}</p>
      <div class="stack">${mainWay({ href: p.home, label: w.home })}</div>
    </div>
  `;
  return layout(frame, { title: w.doneTitle, main, narrow: true });
}
