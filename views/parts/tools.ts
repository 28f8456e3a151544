import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import type { Words } from '../words.ts';

/** The emulator's own pages. */
export type Tool = 'index' | 'people' | 'messages' | 'catalogue' | 'clock' | 'faults' | 'errors';

export const TOOLS = {
  index: '/emulador',
  people: '/emulador/personas',
  messages: '/emulador/mensajes',
  catalogue: '/emulador/paginas',
  clock: '/emulador/reloj',
  faults: '/emulador/fallas',
  errors: '/emulador/errores',
} as const satisfies Record<Tool, string>;

const title = (words: Words, tool: Tool): string => words.emulator[tool].title;

/** A page of the emulator: title, one sentence, menu, content. */
export function toolPage(frame: Frame, p: { readonly tool: Tool; readonly body: Page }): Page {
  const { words } = frame;
  const all = Object.entries(TOOLS) as readonly (readonly [Tool, string])[];
  const main = html`
    <nav class="tools" aria-label=${words.emulator.nav}>
      <ul>
        ${all.map(
          ([tool, href]) =>
            html`<li>
              <a href=${href} aria-current=${tool === p.tool ? 'page' : undefined}>${title(words, tool)}</a>
            </li>`,
        )}
      </ul>
    </nav>
    <h1>${title(words, p.tool)}</h1>
    <p class="lead">${words.emulator[p.tool].lead}</p>
    ${p.body}
  `;
  return layout(frame, { title: title(words, p.tool), main, sheet: 'emulator' });
}
