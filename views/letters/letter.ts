import type { ContactTold } from '#src/domain/contact-change.ts';
import { html, render, type Page } from '../html.ts';
import { words, type Lang } from '../words.ts';

/** A letter in its three parts; `html` and `text` say the same. */
export type Letter = { readonly subject: string; readonly text: string; readonly html: string };

const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 24px 16px; background: #f3f5f9; color: #15202e; font: 17px/1.55 -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
div { max-width: 34em; margin: 0 auto; padding: 28px 24px; background: #fff; border-radius: 14px; }
h1 { margin: 0 0 20px; font-size: 23px; line-height: 1.25; }
h1 b { display: block; margin-bottom: 8px; font: 700 32px/1.2 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 1px; overflow-wrap: anywhere; }
h2 { margin: 24px 0 4px; font-size: 18px; }
p { margin: 0 0 12px; }
table { width: 100%; margin: 16px 0; border-spacing: 0; border-collapse: collapse; }
th, td { padding: 9px 0; border-top: 1px solid #dbe1ea; text-align: left; vertical-align: top; }
th { width: 7em; padding-right: 12px; font-weight: normal; color: #4d5b6d; }
td { font-weight: bold; overflow-wrap: anywhere; }
a { color: #17489c; font-weight: bold; }
.way { display: inline-block; padding: 12px 22px; border: 2px solid #17489c; border-radius: 10px; text-decoration: none; }
small { display: block; margin-top: 24px; padding-top: 16px; border-top: 1px solid #dbe1ea; color: #4d5b6d; font-size: 15px; }
@media (prefers-color-scheme: dark) {
  body { background: #10161f; color: #e8edf4; }
  div { background: #18202c; }
  th, small { color: #aab6c6; }
  th, td, small { border-color: #303b4b; }
  a { color: #9dc2ff; }
  .way { border-color: #9dc2ff; }
}
`;

export type Fact = readonly [label: string, value: string];

/** What a person recognises of a request: by whom, from where, when (R-17: in both times). */
export type Asked = {
  readonly site: string;
  readonly deviceName: string;
  /** A neighbourhood: `200.1.2.0/24`. */
  readonly network: string;
  /** Milliseconds. */
  readonly at: number;
};

/** The rows that tell who asked; what is not known is left out. */
export function askedFacts(lang: Lang, { site, deviceName, network, at }: Asked): readonly Fact[] {
  const w = words(lang).letters.common;
  const utc = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const rows: readonly Fact[] = [
    [w.when, `${writtenTime(lang, at)} (${w.whenNote}; ${utc} UTC)`],
    [w.site, line(site)],
    // An office asks from nowhere.
    [w.device, line(deviceName) || (network === '' ? '' : w.unknownDevice)],
    [
      w.network,
      line(network)
        .replace(/\.0\/24$/, '.x')
        .replace(/\/64$/, ''),
    ],
  ];
  return rows.filter(([, value]) => value !== '');
}

/** The rows that tell which contact changed, from what to what; none when it was nothing of the kind. */
export function changeFacts(lang: Lang, change: ContactTold | undefined): readonly Fact[] {
  if (!change) return [];
  const { contact, letters } = words(lang);
  const w = letters.notice.change;
  return [
    [w.what, contact.kinds[change.what]],
    [w.was, change.was ?? w.none],
    [w.now, change.now ?? w.none],
  ];
}

/** Made once each, with the first letter: making one takes a millisecond. */
const clocks = new Map<Lang, Intl.DateTimeFormat>();
function writtenTime(lang: Lang, at: number): string {
  const clock =
    clocks.get(lang) ??
    new Intl.DateTimeFormat(lang === 'es' ? 'es-CL' : 'en-GB', {
      ...{ dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23', timeZone: 'America/Santiago' },
    });
  clocks.set(lang, clock);
  return clock.format(at);
}

/** What others have written stays on its line: it must not look like a paragraph of ours (R-89). */
export const line = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** Facts as a table that a screen reader reads row by row. */
export const facts = (rows: readonly Fact[]): Page => html`
  <table>
    ${rows.map(
      ([label, value]) =>
        html`<tr>
          <th scope="row">${label}</th>
          <td>${value}</td>
        </tr>`,
    )}
  </table>
`;
export const factLines = (rows: readonly Fact[]): string =>
  rows.map(([label, value]) => `${label}: ${value}`).join('\n');

type Sheet = {
  readonly lang: Lang;
  readonly subject: string;
  readonly title: string | Page;
  readonly main: Page;
  readonly small: string;
};

/** The sheet that every letter is written on: plain, dark where the reader is, without anything from elsewhere. */
export const letterHtml = ({ lang, subject, title, main, small }: Sheet): string =>
  render(html`
    <html lang=${lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${subject}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <div role="main">
          <h1>${title}</h1>
          ${main}
          <small>${small}</small>
        </div>
      </body>
    </html>
  `);
