import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { dataList, type DataItem } from '../parts/data-items.ts';
import { hidden } from '../parts/form.ts';
import { siteCard, siteLinks, type Rp } from '../parts/site.ts';

export type Consent = {
  readonly action: string;
  readonly cancelAction: string;
  readonly csrf: string;
  readonly rp: Rp;
  readonly data: readonly DataItem[];
  /** The site also asks for `offline_access`. */
  readonly offline: boolean;
};

/** Asks whether the site may have what it asks for. */
export function consentPage(frame: Frame, p: Consent): Page {
  const { words } = frame;
  const w = words.consent;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${siteCard(words, p.rp)}
      <p>${w.receives}</p>
      ${dataList(words, p.data)} ${p.offline && html`<p class="note">${w.offline}</p>`}
      <p class="quiet">${w.never}</p>
      <form class="stack" method="post" action=${p.action}>
        ${hidden('csrf', p.csrf)}
        <button class="boton boton-principal">${w.submit}</button>
      </form>
      <form class="stack" method="post" action=${p.cancelAction} novalidate>
        ${hidden('csrf', p.csrf)}
        <button class="boton boton-segundo" name="cancelar" value="1">${w.cancel}</button>
      </form>
      ${siteLinks(words, p.rp)}
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}
