import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { hidden } from '../../parts/form.ts';
import { savedCodes } from '../../parts/set-up.ts';

export type CodesShown = {
  readonly action: string;
  readonly csrf: string;
} & (
  | { readonly kind: 'fresh'; readonly codes: readonly string[] }
  /** One was used: how many are left, and another in its place. */
  | { readonly kind: 'used'; readonly left: number; readonly code: string }
  /** One was used, and ten others are offered in place of those that are left. */
  | {
      readonly kind: 'again';
      /** Her ClaveÚnica is new since a moment ago. */
      readonly recovered?: boolean;
      readonly left: number;
      readonly codes: readonly string[];
    }
);

/** Saved codes within a sign-in or at the end of a recovery, shown once, before she goes on. */
export function codesPage(frame: Frame, p: CodesShown): Page {
  const { words } = frame;
  const w = words.factor.codes;
  const main = html`
    <div class="alone">
      <div class="card">
        <h1>${w[p.kind].title}</h1>
        ${p.kind === 'again' && html`<p>${p.recovered && `${w.again.recovered} `}${w.again.left(p.left)}</p>`}
        <p>${w[p.kind].text}</p>
        ${savedCodes(words, p.kind === 'used' ? [p.code] : p.codes)}
        <form class="stack" method="post" action=${p.action} novalidate>
          ${hidden('csrf', p.csrf)}
          <button class="boton boton-principal" name="guardado" value="1">${w[p.kind].submit}</button>
          ${
            p.kind !== 'fresh' &&
            html`<button class="boton-texto" name="omitir" value="1">${w[p.kind].without(p.left)}</button>`
          }
        </form>
      </div>
    </div>
  `;
  return layout(frame, { title: w[p.kind].title, main, narrow: true, scripts: ['codes'] });
}
