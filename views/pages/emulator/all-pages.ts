import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { toolPage } from '../../parts/tools.ts';
import { LANGS } from '../../words.ts';

/** `/emulador/paginas`: every page by name and language. */
export function emulatorCataloguePage(frame: Frame, p: { readonly names: readonly string[] }): Page {
  const w = frame.words.emulator.catalogue;
  const body = html`
    <ul class="pages">
      ${p.names.map(
        (name) =>
          html`<li>
            <code>${name}</code>
            <span class="pages-langs">
              ${LANGS.map(
                (lang) =>
                  html`<a
                    href=${`/emulador/paginas/${encodeURIComponent(name)}?lang=${lang}`}
                    aria-label=${w.open(name, w.languages[lang])}
                    >${w.languages[lang]}</a
                  >`,
              )}
            </span>
          </li>`,
      )}
    </ul>
  `;
  return toolPage(frame, { tool: 'catalogue', body });
}
