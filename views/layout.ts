import type { Switch } from '#src/domain/switch.ts';
import { html, type Page } from './html.ts';
import { icon, mark } from './parts/mark.ts';
import type { Lang, Words } from './words.ts';

/** What every page of the provider needs from the request. */
export type Frame = {
  readonly lang: Lang;
  readonly words: Words;
  /** CSP nonce of every script and stylesheet. */
  readonly nonce: string;
  /** Every page of the emulator says so. */
  readonly emulator: boolean;
  readonly assets: { readonly css: string; readonly script: string };
  /** The console of staff has another head, and no way to the citizens' pages. */
  readonly place?: 'console' | undefined;
  /** Path and query of this page, for the other language; undefined: no switch. */
  readonly here: string | undefined;
  /** What is stopped, or was ended, for everybody right now (R-100). */
  readonly stopped?: readonly Switch[] | undefined;
};

/** Another script beside `app.js`. */
const besideScript = (script: string, name: string): string => script.replace(/app(?=[^/]*\.js)/, name);

/** Another stylesheet beside `app.css`, whatever prefix or query the address has. */
export const besideCss = (css: string, name: string): string => css.replace(/app(?=[^/]*\.css)/, name);

const inLanguage = (here: string, lang: Lang): string => {
  const [path = '', query = ''] = here.split('?');
  const rest = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('lang='));
  return `${path}?${[...rest, `lang=${lang}`].join('&')}`;
};

function top({ lang, words, emulator, here, place }: Frame, inside?: Page): Page {
  const w = words.frame;
  const other = lang === 'es' ? 'en' : 'es';
  return html`
    <header class="top">
      ${
        emulator &&
        (place === 'console'
          ? html`<p class="emulator-bar"><strong>${w.emulator}</strong><span>${w.emulatorNote}</span></p>`
          : html`<a class="emulator-bar" href="/emulador"
              ><strong>${w.emulator}</strong><span>${w.emulatorNote}</span></a
            >`)
      }
      <div class="bar">
        <a class="brand" href="/">${mark()}<span>${place === 'console' ? words.console.title : w.service}</span></a>
        ${inside}
        ${
          here !== undefined &&
          html`<nav aria-label=${w.languages}>
            <a class="language" href=${inLanguage(here, other)} lang=${other} hreflang=${other}>${w.otherLanguage}</a>
          </nav>`
        }
      </div>
    </header>
  `;
}

/** Calm, above everything, in each page while it lasts. */
const stoppedBar = ({ stopped = [], words: { stoppedBar: w } }: Frame): Page | false =>
  stopped.length > 0 &&
  html`<aside class="stopped-bar" aria-label=${w.label}>
    ${stopped.map((name) => html`<p><strong>${w.names[name].title}</strong>${' '}${w.names[name].text}</p>`)}
  </aside>`;

/** For the script: what is written is not sent where no line is, and stays. */
const offline = ({ words: { frame: w } }: Frame): Page => html`
  <div class="offline" aria-live="assertive">
    <div class="problem" hidden data-offline="">
      <p class="problem-title">${w.offline.title}</p>
      <p>${w.offline.text}</p>
    </div>
  </div>
`;

const foot = ({ words: { frame: w }, place }: Frame): Page => html`
  <footer class="foot">
    <div class="foot-inner">
      <p>${w.reminder}</p>
      ${
        place !== 'console' &&
        html`<nav aria-label=${w.footer}><a href="/">${w.home}</a><a href="/ayuda">${w.help}</a></nav>`
      }
    </div>
  </footer>
`;

/** For the pages that need it. */
export type Script =
  'call' | 'call-test' | 'checklist' | 'console' | 'passkey' | 'codes' | 'clave' | 'waiting' | 'line';

/** A whole page of the provider; `main` brings its own h1. */
export const layout = (
  frame: Frame,
  page: {
    readonly title: string;
    readonly main: Page;
    /** In the head, beside the name. */
    readonly head?: Page;
    readonly narrow?: boolean;
    readonly problem?: boolean;
    /** Without scripts it asks for itself again after so many seconds. */
    readonly again?: string;
    /** Beside `app.js`. */
    readonly scripts?: readonly Script[];
    readonly sheet?: 'front' | 'emulator' | 'account' | 'clave' | 'console' | 'booking' | 'call';
  },
): Page => {
  const { lang, words, nonce, assets } = frame;
  const name = words.frame.service;
  const title = page.title.includes(name) ? page.title : `${page.title} · ${name}`;
  const choosing = page.scripts?.includes('clave') === true;
  const account = ['account', 'account-matter', choosing ? 'clave' : undefined];
  const calling = page.scripts?.includes('call') === true ? 'call' : undefined;
  const casework = page.scripts?.includes('checklist') === true ? 'casework' : undefined;
  const staff = ['console', 'list', 'chart', casework, calling, 'print'];
  const own = page.sheet === 'account' ? account : page.sheet === 'console' ? staff : [page.sheet];
  const sheets = ['app', 'form', 'parts', ...own]
    .filter((sheet) => sheet !== undefined)
    .map((sheet) => besideCss(assets.css, sheet));
  return html`
    <html lang=${lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#10161f" media="(prefers-color-scheme: dark)" />
        <title>${page.problem === true ? `${words.frame.problem}: ${title}` : title}</title>
        <link rel="icon" href=${icon} />
        ${page.again !== undefined && html`<noscript><meta http-equiv="refresh" content=${page.again} /></noscript>`}
        ${sheets.map((href) => html`<link rel="stylesheet" href=${href} nonce=${nonce} />`)}
        ${['app', ...(page.scripts ?? [])].map((script) => html`<script type="module" src=${besideScript(assets.script, script)} nonce=${nonce}></script>`)}
      </head>
      <body>
        <a class="skip" href="#contenido">${words.frame.skip}</a>
        ${top(frame, page.head)} ${stoppedBar(frame)}
        <main id="contenido" class=${page.narrow === true ? 'narrow' : 'wide'} tabindex="-1">${page.main}</main>
        ${foot(frame)} ${offline(frame)}
      </body>
    </html>
  `;
};
