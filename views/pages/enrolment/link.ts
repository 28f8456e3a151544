import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { hidden } from '../../parts/form.ts';

/** Behind the link of a letter: looking confirms nothing. */
export function enrolmentLinkPage(frame: Frame, { csrf }: { readonly csrf: string }): Page {
  const w = frame.words.enrolment.link;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p>${w.text}</p>
      <form class="stack" method="post" action="/obtener/seguir">
        ${hidden('csrf', csrf)}
        <button class="boton boton-principal">${w.submit}</button>
      </form>
      <div class="small-print"><p>${w.not}</p></div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}
