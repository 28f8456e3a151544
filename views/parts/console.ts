import type { Role } from '#src/domain/roles.ts';
import { html, type Page } from '../html.ts';
import { layout, type Frame, type Script } from '../layout.ts';
import type { Words } from '../words.ts';
import { hidden, problemSummary } from './form.ts';

/** The rooms of the console, in the order of the menu. */
export const ROOMS = {
  home: '/',
  agenda: '/agenda',
  desk: '/meson',
  second: '/segunda',
  supervision: '/supervision',
  requests: '/casos',
  offices: '/oficinas',
  rosters: '/turnos',
  figures: '/cifras',
  people: '/personas',
  accountCases: '/cuentas',
  audit: '/auditoria',
  staff: '/funcionarios',
  clients: '/instituciones',
  alerts: '/alertas',
  switches: '/interruptores',
} as const satisfies Record<keyof Words['console']['rooms'], string>;
export type Room = keyof typeof ROOMS;

/** What each page of the console needs to know beside its own matter. */
export type ConsoleShell = {
  readonly csrf: string;
  /** Who is signed in. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Those whose doors her roles open. */
  readonly rooms: readonly Room[];
  /** Milliseconds. */
  readonly now: number;
};

export type Refusal = Exclude<keyof Words['console']['refused'], 'title'>;

type ConsolePage = {
  readonly shell: ConsoleShell;
  /** Undefined: it belongs to none, and has a title of its own. */
  readonly room: Room | undefined;
  readonly title?: string | undefined;
  readonly refused?: Refusal | undefined;
  readonly scripts?: readonly Script[];
  /** What stands in the field in the head. */
  readonly sought?: string;
  /** Brings no h1. */
  readonly body: Page;
};

/** A page of the console: the rooms at the side, the title, the matter. */
export function consolePage(frame: Frame, { shell, room, body, refused, ...p }: ConsolePage): Page {
  const w = frame.words.console;
  const title = p.title ?? (room === undefined ? w.title : w.rooms[room].title);
  const main = html`
    <div class="console">
      <div class="console-side">
        <nav aria-label=${w.nav}>
          <ul>
            ${shell.rooms.map(
              (name) =>
                html`<li>
                  <a href=${ROOMS[name]} aria-current=${name === room ? 'page' : undefined}>${w.rooms[name].title}</a>
                </li>`,
            )}
          </ul>
        </nav>
        <div class="console-who">
          <p><strong>${shell.name}</strong><span>${shell.roles.map((role) => w.roles[role]).join(', ')}</span></p>
          <form method="post" action="/salir">
            ${hidden('csrf', shell.csrf)}<button class="boton-texto">${w.signOut}</button>
          </form>
        </div>
      </div>
      <div class="console-main">
        <h1>${title}</h1>
        ${refused && problemSummary({ title: w.refused.title, text: w.refused[refused] })} ${body}
      </div>
    </div>
  `;
  const scripts: readonly Script[] = ['console', ...(p.scripts ?? [])];
  const head = searchField(frame, p.sought);
  return layout(frame, { title, main, head, sheet: 'console', scripts, problem: refused !== undefined });
}

/** One field for all: a room, a person, a site, a request. */
const searchField = ({ words: { search: w } }: Frame, sought = ''): Page =>
  html`<form method="get" action="/buscar" class="search" role="search" aria-label=${w.title}>
    <input
      name="q"
      type="search"
      value=${sought}
      maxlength="100"
      autocomplete="off"
      spellcheck="false"
      placeholder=${w.label}
      aria-label=${w.title}
      aria-keyshortcuts="/ Control+K"
    />
    <button class="boton boton-segundo">${w.button}</button>
  </form>`;

/** Why an act is done: a closed list, and words (R-63). */
export function reasonFields({ words }: Frame, id: string, typed?: { kind: string; text: string }): Page {
  const w = words.console;
  return html`
    <fieldset class="reason">
      <legend>${w.reason.legend}</legend>
      <div class="field">
        <label for=${`${id}-motivo`}>${w.reason.kind}</label>
        <select id=${`${id}-motivo`} name="motivo">
          ${Object.entries(w.reasons).map(
            ([kind, label]) => html`<option value=${kind} selected=${kind === typed?.kind}>${label}</option>`,
          )}
        </select>
      </div>
      <div class="field">
        <label for=${`${id}-palabras`}>${w.reason.text}</label>
        <p class="hint" id=${`${id}-pista`}>${w.reason.hint}</p>
        <textarea
          id=${`${id}-palabras`}
          name="palabras"
          rows="2"
          maxlength="500"
          minlength="10"
          required
          aria-describedby=${`${id}-pista`}
        >
${typed?.text ?? ''}</textarea>
      </div>
    </fieldset>
  `;
}
