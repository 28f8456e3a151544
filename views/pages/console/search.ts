import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS, type ConsoleShell, type Room } from '../../parts/console.ts';
import { auditForm, type AuditTyped } from './audit.ts';
import { clientPath, type ShownClient } from './clients.ts';
import { lookUpForm } from './people.ts';

export type Sought = {
  readonly shell: ConsoleShell;
  readonly said: string;
  readonly rooms: readonly Room[];
  readonly clients: readonly Pick<ShownClient, 'id' | 'name' | 'institution'>[];
  /** A request for a ClaveÚnica, by its number; whether it is there, its page says. */
  readonly caseId?: string | undefined;
  /** She may look it up: with a reason. */
  readonly run?: string | undefined;
  /** It reads like the code of an error page, of which this role sees nothing here. */
  readonly helpCode?: boolean | undefined;
  /** She may search the log for it: with a reason. */
  readonly audit?: AuditTyped | undefined;
};

const REASON = { kind: 'citizen-asks', text: '' };

/** Where what was written leads; of people nothing is shown before a reason is given (R-63). */
export function searchPage(frame: Frame, p: Sought): Page {
  const w = frame.words.search;
  const { rooms } = frame.words.console;
  const links = [
    ...p.rooms.map((room) => ({ href: ROOMS[room], name: rooms[room].title, text: rooms[room].text })),
    ...p.clients.map((client) => ({
      href: clientPath(client),
      name: client.name,
      text: `${client.institution} · ${client.id}`,
    })),
    ...(p.caseId === undefined ? [] : [{ href: `${ROOMS.requests}/${p.caseId}`, name: w.case, text: p.caseId }]),
  ];
  const nothing = links.length === 0 && p.run === undefined && p.audit === undefined;
  const body = html`
    <p class=${nothing && p.said !== '' ? 'empty' : 'lead'} role="status">
      ${nothing && p.said !== '' && html`${w.none(p.said)} ${p.helpCode === true ? w.helpCode : ''}${' '}`}${w.hint}
    </p>
    ${
      links.length > 0 &&
      html`<section aria-labelledby="resultados">
        <h2 id="resultados">${w.found}</h2>
        <ul class="results">
          ${links.map(
            ({ href, name, text }) =>
              html`<li>
                <a href=${href}><strong>${name}</strong><span>${text}</span></a>
              </li>`,
          )}
        </ul>
      </section>`
    }
    ${
      p.run !== undefined &&
      html`<section aria-labelledby="persona">
        <h2 id="persona">${w.person}</h2>
        <p>${w.personText}</p>
        ${lookUpForm(frame, { shell: p.shell, typed: { run: p.run, reason: REASON } })}
      </section>`
    }
    ${
      p.audit !== undefined &&
      html`<section aria-labelledby="auditoria">
        <h2 id="auditoria">${w.audit}</h2>
        <p>${w.auditText}</p>
        ${auditForm(frame, { shell: p.shell, kinds: [], typed: p.audit })}
      </section>`
    }
    ${nothing && html`<p class="ways"><a href="/">${rooms.home.title}</a></p>`}
  `;
  return consolePage(frame, { shell: p.shell, room: undefined, title: w.title, sought: p.said, body });
}
