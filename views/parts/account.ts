import { html, type Page } from '../html.ts';
import { layout, type Frame, type Script } from '../layout.ts';
import { hidden } from './form.ts';

/** The pages of «Mi cuenta», in the order of the menu. */
export const SECTIONS = {
  overview: '/cuenta',
  contact: '/cuenta/datos',
  password: '/cuenta/clave',
  factors: '/cuenta/factores',
  sessions: '/cuenta/sesiones',
  activity: '/cuenta/actividad',
  sites: '/cuenta/sitios',
  export: '/cuenta/descarga',
  close: '/cuenta/cerrar',
} as const satisfies Record<string, string>;
export type Section = keyof typeof SECTIONS;

/** What each page of the account needs to know beside its own matter. */
export type AccountShell = {
  /** Bound to this session; the forms of the page use the same. */
  readonly csrf: string;
  /** A shared computer: the way out stands first. */
  readonly shared: boolean;
  /** Milliseconds. */
  readonly now: number;
};

type AccountPage = {
  readonly shell: AccountShell;
  readonly section: Section;
  /** The page's own, when it is a step within a section. */
  readonly title?: string | undefined;
  /** Brings no h1. */
  readonly body: Page;
  readonly problem?: boolean | undefined;
  readonly scripts?: readonly Script[] | undefined;
};

const signOut = ({ words }: Frame, csrf: string, look: string): Page => html`
  <form class="sign-out" method="post" action="/cuenta/salir">
    ${hidden('csrf', csrf)}
    <button class=${look}>${words.account.signOut}</button>
  </form>
`;

/** A page of «Mi cuenta»: the menu (on a phone the way back to it), the title, the matter, the way out. */
export function accountPage(frame: Frame, { shell, section, body, ...p }: AccountPage): Page {
  const w = frame.words.account;
  const names = Object.keys(SECTIONS) as readonly Section[];
  const title = p.title ?? (section === 'overview' ? w.title : w.sections[section].title);
  const main = html`
    ${
      shell.shared &&
      html`<section class="shared-bar" aria-label=${w.shared.label}>
        <p>${w.shared.text}</p>
        ${signOut(frame, shell.csrf, 'boton boton-principal')}
      </section>`
    }
    <div class="account">
      <nav class="account-nav" aria-label=${w.nav}>
        <ul>
          ${names.map(
            (name) =>
              html`<li>
                <a href=${SECTIONS[name]} aria-current=${name === section ? 'page' : undefined}
                  >${w.sections[name].title}</a
                >
              </li>`,
          )}
        </ul>
      </nav>
      <div class="account-main">
        ${section !== 'overview' && html`<p class="account-back"><a href="/cuenta">${w.back}</a></p>`}
        <h1>${title}</h1>
        ${body}
      </div>
      ${!shell.shared && html`<div class="account-out">${signOut(frame, shell.csrf, 'boton boton-chico')}</div>`}
    </div>
  `;
  return layout(frame, { title, main, sheet: 'account', problem: p.problem === true, scripts: p.scripts ?? [] });
}
