import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { andes } from '../parts/andes.ts';
import { otherWay } from '../parts/way.ts';
import type { Words } from '../words.ts';

export type Home = {
  /** Emulator only: where the demo site is. */
  readonly emulator?: { readonly demo: string } | undefined;
};

/** The four doors, in the order in which a ClaveÚnica lives. */
const DOORS: readonly { readonly name: keyof Words['home']['doors']; readonly href: string }[] = [
  { name: 'get', href: '/obtener' },
  { name: 'activate', href: '/activar' },
  { name: 'recover', href: '/recuperar' },
  { name: 'account', href: '/cuenta' },
];

/** The calm front page. */
export function homePage(frame: Frame, p: Home): Page {
  const w = frame.words.home;
  const main = html`
    <section class="hero">
      <h1>${w.title}</h1>
      <p class="lead">${w.lead}</p>
      <ul class="doors">
        ${DOORS.map(
          ({ name, href }) =>
            html`<li>
              <a href=${href}><strong>${w.doors[name].title}</strong><span>${w.doors[name].text}</span></a>
            </li>`,
        )}
      </ul>
      ${andes()}
    </section>
    ${
      p.emulator &&
      html`<section class="panel panel-emulator" aria-labelledby="emulador">
        <h2 id="emulador">${w.emulator.title}</h2>
        <p>${w.emulator.text}</p>
        <p class="ways">
          ${otherWay({ href: '/emulador', label: w.emulator.tools })}
          ${otherWay({ href: p.emulator.demo, label: w.emulator.demo })}
        </p>
      </section>`
    }
    <section aria-labelledby="sirve">
      <h2 id="sirve">${w.where.title}</h2>
      <ul class="tiles">
        ${w.where.items.map(
          ({ title, text }) =>
            html`<li>
              <h3>${title}</h3>
              <p>${text}</p>
            </li>`,
        )}
      </ul>
    </section>
    <section aria-labelledby="usa">
      <h2 id="usa">${w.how.title}</h2>
      <ol class="how">
        ${w.how.items.map(
          ({ title, text }) =>
            html`<li>
              <h3>${title}</h3>
              <p>${text}</p>
            </li>`,
        )}
      </ol>
    </section>
    <section class="panel" aria-labelledby="cuidarla">
      <h2 id="cuidarla">${w.safety.title}</h2>
      <p>${w.safety.text}</p>
      <p><a href="/ayuda#suspicious">${w.safety.link}</a></p>
    </section>
    <section class="panel" aria-labelledby="ayuda">
      <h2 id="ayuda">${w.help.title}</h2>
      <p>${w.help.text}</p>
      <p class="ways">${otherWay({ href: '/ayuda', label: w.help.label })}</p>
    </section>
  `;
  return layout(frame, { title: w.title, main, sheet: 'front' });
}
