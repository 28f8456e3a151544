import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { mainWay, otherWay, type Way } from '../parts/way.ts';

/** Where one gets a ClaveÚnica now. */
export function enrolmentPage(frame: Frame, { back }: { readonly back?: Way | undefined }): Page {
  const w = frame.words.enrolment;
  const main = html`
    <div class="article">
      <h1>${w.title}</h1>
      <p class="lead">${w.lead}</p>
      <section class="answer" aria-labelledby="oficina">
        <h2 id="oficina">${w.office.title}</h2>
        <p>${w.office.text}</p>
        <p><a href="/ayuda#oficinas">${w.office.link}</a></p>
      </section>
      <section class="answer" aria-labelledby="videollamada">
        <h2 id="videollamada">${w.call.title}</h2>
        <p><strong>${w.call.soon}.</strong> ${w.call.text}</p>
      </section>
      <section class="answer" aria-labelledby="tengo">
        <h2 id="tengo">${w.have.title}</h2>
        <p class="ways">
          ${mainWay({ href: '/activar', label: w.have.activate })}
          ${otherWay({ href: '/recuperar', label: w.have.recover })} ${back && otherWay(back)}
        </p>
      </section>
    </div>
  `;
  return layout(frame, { title: w.title, main, sheet: 'front' });
}
