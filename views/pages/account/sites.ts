import type { DataItem } from '#src/domain/client.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, type AccountShell } from '../../parts/account.ts';
import { dataSentence } from '../../parts/data-items.ts';
import { doneNote } from '../../parts/done.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';

export type ShownSite = {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly data: readonly DataItem[];
  /** Milliseconds. */
  readonly lastAt: number | undefined;
};
export type SitesShown = {
  readonly shell: AccountShell;
  readonly now: readonly ShownSite[];
  readonly before: readonly { readonly name: string; readonly lastAt: number }[];
  readonly done?: boolean | undefined;
};

/** Sites that hold something of hers now, and where she was before. */
export function sitesPage(frame: Frame, p: SitesShown): Page {
  const { lang, words } = frame;
  const w = words.sites;
  const when = (at: number) => inPlainWords({ lang, words, at, now: p.shell.now });
  const body = html`
    ${doneNote(p.done === true ? words.places.done.disconnected : undefined)}
    ${p.now.length === 0 ? html`<p>${w.none}</p>` : html`<p class="quiet">${w.text}</p>`}
    <ul class="rows">
      ${p.now.map(
        ({ id, name, host, data, lastAt }) =>
          html`<li>
            <div>
              <strong>${name}</strong>
              <span class="row-note">${host}</span>
              <span class="row-note">
                ${w.sees(dataSentence(lang, words, data))}${lastAt !== undefined && html`${' '}${w.last(when(lastAt))}.`}
              </span>
            </div>
            <form method="post" action="/cuenta/sitios">
              ${hidden('csrf', p.shell.csrf)} ${hidden('sitio', id)}
              <button class="boton boton-chico" aria-label=${w.disconnectOf(name)}>${w.disconnect}</button>
            </form>
          </li>`,
      )}
    </ul>
    ${
      p.before.length > 0 &&
      html`<h2>${w.before}</h2>
        <ul class="rows">
          ${p.before.map(
            ({ name, lastAt }) =>
              html`<li>
                <div><strong>${name}</strong><span class="row-note">${w.last(when(lastAt))}</span></div>
              </li>`,
          )}
        </ul>`
    }
  `;
  return accountPage(frame, { shell: p.shell, section: 'sites', body });
}
