import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { hidden } from '../../parts/form.ts';
import { chileanTime } from '../../parts/moment.ts';
import { toolPage } from '../../parts/tools.ts';

/** A demo person with her secrets. */
export type Person = {
  readonly run: string;
  readonly name: string;
  readonly password?: string | undefined;
  readonly note?: string | undefined;
  readonly totp?: string | undefined;
  readonly document?: string | undefined;
  readonly email?: string | undefined;
  /** Her identity card, as far as an officer copies it. */
  readonly card?: { readonly lines: readonly string[]; readonly issued: string } | undefined;
  /** Signs her in at the demo site. */
  readonly signInHref?: string | undefined;
  /** The activation code that waits for her. */
  readonly activation?: string | undefined;
  /** She has no account yet, or one that waits for her: an activation code can be issued. */
  readonly canActivate?: boolean | undefined;
};

function card(frame: Frame, person: Person): Page {
  const w = frame.words.emulator.people;
  const facts = [
    [w.run, person.run],
    [w.password, person.password],
    [w.totp, person.totp],
    [w.document, person.document],
    [w.card, person.card?.lines],
    [w.cardIssued, person.card?.issued],
    [w.email, person.email],
    [w.activation, person.activation],
  ] as const;
  return html`<li class="sheet person">
    <h2>${person.name}</h2>
    ${person.note !== undefined && html`<p class="quiet">${person.note}</p>`}
    <dl class="facts">
      ${facts.map(
        ([label, value]) =>
          value !== undefined &&
          html`<dt>${label}</dt>
            ${[value].flat().map((line) => html`<dd><code>${line}</code></dd>`)}`,
      )}
    </dl>
    ${person.canActivate === true && person.activation === undefined && html`<p class="tag">${w.none}</p>`}
    ${
      person.signInHref !== undefined &&
      html`<a class="boton boton-segundo" href=${person.signInHref} aria-label=${w.signInAs(person.name)}
        >${w.signIn}</a
      >`
    }
    ${
      person.canActivate === true &&
      html`<form method="post" action="/emulador/personas/codigo">
        ${hidden('run', person.run)}
        <button class="boton boton-segundo" aria-label=${w.issueFor(person.name)}>${w.issue}</button>
      </form>`
    }
  </li>`;
}

/** `/emulador/personas`. */
export function emulatorPeoplePage(
  frame: Frame,
  p: {
    readonly people: readonly Person[];
    /** The code that was issued just now. */
    readonly issued?: { readonly run: string; readonly code: string; readonly until: string } | undefined;
  },
): Page {
  const w = frame.words.emulator.people;
  const body = html`
    ${
      p.issued &&
      html`<div class="sheet issued" role="status">
        <h2>${w.issued(p.issued.run)}</h2>
        <p class="issued-code"><code>${p.issued.code}</code></p>
        <p class="quiet">${w.issuedUntil(chileanTime(frame.lang, p.issued.until))}</p>
        <a class="boton boton-segundo" href="/activar">${w.activate}</a>
      </div>`
    }
    <ul class="sheets">
      ${p.people.map((person) => card(frame, person))}
    </ul>
    <p><a href="/emulador/personas.json">${w.json}</a></p>
  `;
  return toolPage(frame, { tool: 'people', body });
}
