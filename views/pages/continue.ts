import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { hidden } from '../parts/form.ts';

export type Continue = {
  /** return: form_post answer to the site; log-out: end of a session; switch: another person signs in over a live session. */
  readonly kind: 'return' | 'log-out' | 'switch';
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly rp?: { readonly name: string } | undefined;
  /** For previews: wait for the button. */
  readonly still?: boolean | undefined;
};

/** A form that the script sends on by itself; without scripts, by its button. */
export function continuePage(frame: Frame, p: Continue): Page {
  const { wait, ...kinds } = frame.words.continuing;
  const w = kinds[p.kind];
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${p.rp ? w.text(p.rp.name) : w.textUnnamed}</p>
      <form
        class="stack"
        id=${p.kind === 'return' ? undefined : 'op.logoutForm'}
        method="post"
        action=${p.action}
        data-auto=${p.still === true ? undefined : ''}
      >
        ${Object.entries(p.fields).map(([name, value]) => hidden(name, value))}
        <button class="boton boton-principal" autofocus>${w.on}</button>
      </form>
      <p class="quiet">${wait}</p>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}
