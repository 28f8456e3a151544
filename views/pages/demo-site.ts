import { html, type Page } from '../html.ts';
import { hidden } from '../parts/form.ts';
import { words as wordsOf, type Lang } from '../words.ts';

export type DemoKey = 'municipio' | 'registro';
export type DemoSite = {
  readonly key: DemoKey;
  readonly lang: Lang;
  /** CSP nonce of its stylesheet. */
  readonly nonce: string;
  /** Address of `demo.css`. */
  readonly css: string;
  /** The other demo site, linked in the foot. */
  readonly other?: string | undefined;
};
export type DemoHome = { readonly signIn: string; readonly loggedOut?: boolean | undefined };
export type DemoGreeting = {
  readonly name: string;
  readonly idToken: unknown;
  readonly token: unknown;
  readonly userinfo: unknown;
  readonly logOut: { readonly action: string; readonly fields?: Readonly<Record<string, string>> | undefined };
};
export type DemoProblem = {
  readonly signIn: string;
  readonly home: string;
  readonly error: string;
  readonly description?: string | undefined;
};

/** Their names are invented and stay in Spanish. */
export const DEMO_NAMES: Readonly<Record<DemoKey, string>> = {
  municipio: 'Municipalidad de Los Robles',
  registro: 'Oficina de Registro de Tres Esteros',
};
const EMBLEMS: Readonly<Record<DemoKey, () => Page>> = {
  municipio: () =>
    html`<svg class="emblem" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">
      <circle cx="20" cy="20" r="20" />
      <path d="M20 8a7 7 0 0 0-6.6 9.2A6 6 0 0 0 15 29h3.6v4h2.8v-4H25a6 6 0 0 0 1.6-11.8A7 7 0 0 0 20 8z" />
    </svg>`,
  registro: () =>
    html`<svg class="emblem" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">
      <rect width="40" height="40" rx="4" />
      <path
        d="M8 13c4-3 8-3 12 0s8 3 12 0v4c-4 3-8 3-12 0s-8-3-12 0zm0 7c4-3 8-3 12 0s8 3 12 0v3c-4 3-8 3-12 0s-8-3-12 0zm0 6c4-3 8-3 12 0s8 3 12 0v2c-4 3-8 3-12 0s-8-3-12 0z"
      />
    </svg>`,
};

function shell(site: DemoSite, page: { readonly title: string; readonly main: Page }): Page {
  const w = wordsOf(site.lang).demoSite;
  const name = DEMO_NAMES[site.key];
  const other: DemoKey = site.key === 'municipio' ? 'registro' : 'municipio';
  return html`
    <html lang=${site.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title === name ? name : `${page.title} · ${name}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href=${site.css} nonce=${site.nonce} />
      </head>
      <body class=${`demo-${site.key}`}>
        <header>
          <p class="name">${EMBLEMS[site.key]()}<span>${name}</span></p>
        </header>
        <main>${page.main}</main>
        <footer>
          <p>${w.made}</p>
          ${site.other !== undefined && html`<p><a href=${site.other}>${w.other(DEMO_NAMES[other])}</a></p>`}
        </footer>
      </body>
    </html>
  `;
}

const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

/** What the institution is for, and the way in. */
export function demoHome(site: DemoSite, p: DemoHome): Page {
  const all = wordsOf(site.lang).demoSite;
  const w = all.sites[site.key];
  const main = html`
    ${p.loggedOut === true && html`<p class="notice" role="status">${all.loggedOut}</p>`}
    <div class="hero">
      <h1>${w.title}</h1>
      <p class="lead">${w.lead}</p>
      <p class="enter">
        <a class="button" href=${p.signIn}>${all.signIn}</a>
        <span>${all.signInNote}</span>
      </p>
    </div>
    <ul class="services">
      ${w.services.map(
        ({ title, text }) =>
          html`<li>
            <h2>${title}</h2>
            <p>${text}</p>
          </li>`,
      )}
    </ul>
  `;
  return shell(site, { title: DEMO_NAMES[site.key], main });
}

/** «Hola, NAME», and what was answered, word for word. */
export function demoGreeting(site: DemoSite, p: DemoGreeting): Page {
  const w = wordsOf(site.lang).demoSite.greeting;
  const title = w.title(p.name);
  const answers = [
    [w.idToken, p.idToken],
    [w.userinfo, p.userinfo],
    [w.token, p.token],
  ] as const;
  const main = html`
    <div class="hero">
      <h1>${title}</h1>
      <p class="lead">${w.lead}</p>
    </div>
    <div class="answers">
      ${answers.map(
        ([label, value], index) =>
          html`<details open=${index < 2}>
            <summary>${label}</summary>
            <pre>${json(value)}</pre>
          </details>`,
      )}
    </div>
    <form method="post" action=${p.logOut.action}>
      ${Object.entries(p.logOut.fields ?? {}).map(([name, value]) => hidden(name, value))}
      <button class="button">${w.logOut}</button>
    </form>
  `;
  return shell(site, { title, main });
}

/** Signing in did not end well, or was cancelled. */
export function demoProblem(site: DemoSite, p: DemoProblem): Page {
  const w = wordsOf(site.lang).demoSite.problem;
  const main = html`
    <div class="hero">
      <h1>${w.title}</h1>
      <p class="lead">${p.error === 'access_denied' ? w.cancelled : w.text}</p>
      <p class="enter"><a class="button" href=${p.signIn}>${w.retry}</a><a href=${p.home}>${w.home}</a></p>
    </div>
    <div class="answers">
      <details open=${p.error !== 'access_denied'}>
        <summary>${w.details}</summary>
        <pre>${json({ error: p.error, error_description: p.description })}</pre>
      </details>
    </div>
  `;
  return shell(site, { title: w.title, main });
}
