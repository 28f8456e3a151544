import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { reasonFields } from './console.ts';
import { hidden } from './form.ts';

export type Export = {
  readonly csrf: string;
  readonly action: string;
  /** The filter of the list. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  /** The reason that was not enough. */
  readonly typed?: { readonly kind: string; readonly text: string } | undefined;
};

/** A list as a file: why is asked first, since it leaves the house. */
export function exportPart(frame: Frame, { csrf, action, fields = {}, typed }: Export): Page {
  const w = frame.words.table.file;
  return html`<details class="act" open=${typed !== undefined}>
    <summary>${w.title}</summary>
    <form method="post" action=${action} class="form">
      ${hidden('csrf', csrf)} ${Object.entries(fields).map(([name, value]) => value && hidden(name, value))}
      <p class="hint">${w.hint}</p>
      ${reasonFields(frame, 'archivo', typed)}
      <button class="boton boton-segundo">${w.get}</button>
    </form>
  </details>`;
}
