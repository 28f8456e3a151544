import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, type AccountShell } from '../../parts/account.ts';
import { doneNote } from '../../parts/done.ts';
import { hidden } from '../../parts/form.ts';
import { deviceInWords, inPlainWords } from '../../parts/moment.ts';
import { otherWay } from '../../parts/way.ts';

/** Milliseconds; `device` as `Chrome, Android`. */
export type ShownSession = {
  readonly ref: string;
  readonly device: string;
  readonly shared: boolean;
  readonly begunAt: number;
  readonly seenAt: number;
};
export type ShownDevice = {
  readonly ref: string;
  readonly name: string;
  readonly firstAt: number;
  readonly lastAt: number;
  /** This browser. */
  readonly here: boolean;
};
export type Places = {
  readonly shell: AccountShell;
  /** The own one first. */
  readonly sessions: readonly ShownSession[];
  readonly devices: readonly ShownDevice[];
  readonly done?: 'ended' | 'endedOthers' | 'forgotten' | undefined;
};

/** Where ending is confirmed. */
export const END = '/cuenta/sesiones/cerrar';

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Where the account is open, and which devices it knows (R-32). */
export function placesPage(frame: Frame, p: Places): Page {
  const { lang, words } = frame;
  const { sessions: s, devices: d, done } = words.places;
  const when = (at: number) => inPlainWords({ lang, words, at, now: p.shell.now });
  const named = (device: string) => capital(deviceInWords(words, device));
  const body = html`
    ${doneNote(p.done && done[p.done])}
    <h2>${s.title}</h2>
    <p class="quiet">${s.text}</p>
    <ul class="rows">
      ${p.sessions.map(
        ({ ref, device, shared, begunAt, seenAt }, at) =>
          html`<li>
            <div>
              <strong>${named(device)}</strong>
              ${at === 0 && html`${' '}<span class="tag">${s.here}</span>`}
              ${shared && html`${' '}<span class="tag tag-quiet">${s.shared}</span>`}
              <span class="row-note">${at === 0 ? s.since(when(begunAt)) : s.seen(when(seenAt))}</span>
            </div>
            ${
              at > 0 &&
              html`<a class="boton boton-chico" href=${`${END}?sesion=${ref}`} aria-label=${s.endOf(named(device))}
                >${s.end}</a
              >`
            }
          </li>`,
      )}
    </ul>
    ${p.sessions.length > 1 ? html`<p>${otherWay({ href: `${END}?sesion=otras`, label: s.endOthers })}</p>` : html`<p class="quiet">${s.only}</p>`}
    <h2>${d.title}</h2>
    <p class="quiet">${d.text}</p>
    ${
      p.devices.length === 0
        ? html`<p>${d.none}</p>`
        : html`<ul class="rows">
            ${p.devices.map(
              ({ ref, name, firstAt, lastAt, here }) =>
                html`<li>
                  <div>
                    <strong>${named(name)}</strong>
                    ${here && html`${' '}<span class="tag">${d.here}</span>`}
                    <span class="row-note">${d.last(when(lastAt))} · ${d.first(when(firstAt))}</span>
                  </div>
                  <form method="post" action="/cuenta/sesiones">
                    ${hidden('csrf', p.shell.csrf)} ${hidden('olvidar', ref)}
                    <button class="boton boton-chico" aria-label=${d.forgetOf(named(name))}>${d.forget}</button>
                  </form>
                </li>`,
            )}
          </ul>`
    }
  `;
  return accountPage(frame, { shell: p.shell, section: 'sessions', body });
}

export type EndPlace = {
  readonly shell: AccountShell;
  /** The one that is meant; undefined: all others. `gone`: it has ended already. */
  readonly session: ShownSession | undefined | 'gone';
};

/** Asks once more, after a fresh sign-in. */
export function endPlacePage(frame: Frame, { shell, session }: EndPlace): Page {
  const { lang, words } = frame;
  const { end: w, sessions: s } = words.places;
  const back = { href: '/cuenta/sesiones', label: w.no };
  if (session === 'gone') {
    const gone = html`<p class="lead">${w.gone}</p>
      <div class="stack narrow-stack">${otherWay(back)}</div>`;
    return accountPage(frame, { shell, section: 'sessions', title: words.account.sections.sessions.title, body: gone });
  }
  const body = html`
    ${
      session &&
      html`<p class="note">
        <strong>${capital(deviceInWords(words, session.device))}</strong>
        <span class="row-note">${s.seen(inPlainWords({ lang, words, at: session.seenAt, now: shell.now }))}</span>
      </p>`
    }
    <p>${w.text}</p>
    <form class="stack narrow-stack" method="post" action=${END}>
      ${hidden('csrf', shell.csrf)} ${hidden('sesion', session?.ref ?? 'otras')}
      <button class="boton boton-principal">${w.yes}</button>
      ${otherWay(back)}
    </form>
  `;
  return accountPage(frame, { shell, section: 'sessions', title: session ? w.title : w.titleOthers, body });
}
