import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { ROOMS, type ConsoleShell } from './console.ts';
import { hidden } from './form.ts';
import { inPlainWords } from './moment.ts';

export type Undecided = {
  readonly id: string;
  readonly name: string;
  readonly what: string;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
  readonly mayDecide: boolean;
};

/** What one proposed and another may decide. */
export function waitingList(
  frame: Frame,
  p: { readonly shell: ConsoleShell; readonly waiting: readonly Undecided[]; readonly action?: string },
): Page {
  const w = frame.words.console.staff;
  const { lang, words } = frame;
  if (p.waiting.length === 0) return html`<p class="soft">${w.noProposals}</p>`;
  return html`<ul class="waiting">
    ${p.waiting.map(
      ({ id, name, what, by, at, reason, mayDecide }) =>
        html`<li>
          <p><strong>${name}</strong>${' · '}${what}</p>
          <p class="soft">${w.proposedBy(by, inPlainWords({ lang, words, at, now: p.shell.now }))}</p>
          <p>${w.because(reason)}</p>
          ${
            mayDecide &&
            html`<form method="post" action=${`${p.action ?? `${ROOMS.staff}/propuestas`}/${id}`} class="ways">
              ${hidden('csrf', p.shell.csrf)}
              <button class="boton boton-principal" name="decision" value="si">${w.approve}</button>
              <button class="boton boton-segundo" name="decision" value="no">${w.reject}</button>
            </form>`
          }
        </li>`,
    )}
  </ul>`;
}
