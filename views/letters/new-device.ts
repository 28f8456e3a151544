import { html, render } from '../html.ts';
import type { Words } from '../words.ts';

export type Letter = { readonly subject: string; readonly text: string; readonly html: string };

export type NewDevice = {
  readonly lang: string;
  readonly name: string;
  /** The site that was entered. */
  readonly site: string;
  /** Local Chilean time, written out. */
  readonly when: string;
  readonly device: string;
  readonly phone: string;
  /** «No fui yo», once that page exists. */
  readonly notMe?: string | undefined;
};

const STYLE = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 16px; background: #f3f5f9; color: #15202e; font: 17px/1.55 -apple-system, 'Segoe UI', Roboto, Arial, sans-serif; }
div { max-width: 34em; margin: 0 auto; padding: 28px 24px; background: #fff; border-radius: 14px; }
h1 { margin: 0 0 20px; font-size: 23px; line-height: 1.25; }
h2 { margin: 24px 0 4px; font-size: 18px; }
p { margin: 0 0 12px; }
table { width: 100%; margin: 16px 0; border-spacing: 0; border-collapse: collapse; }
th, td { padding: 9px 0; border-top: 1px solid #dbe1ea; text-align: left; vertical-align: top; }
th { width: 7em; font-weight: normal; color: #4d5b6d; }
td { font-weight: bold; overflow-wrap: anywhere; }
a { color: #17489c; font-weight: bold; }
small { display: block; margin-top: 24px; padding-top: 16px; border-top: 1px solid #dbe1ea; color: #4d5b6d; font-size: 15px; }
@media (prefers-color-scheme: dark) {
  body { background: #10161f; color: #e8edf4; }
  div { background: #18202c; }
  th, small { color: #aab6c6; }
  th, td, small { border-color: #303b4b; }
  a { color: #9dc2ff; }
}
`;

/** Tells of a sign-in on a device never seen before (R-17): what, when, and what to do if it was someone else. */
export function newDeviceLetter(words: Words, p: NewDevice): Letter {
  const w = words.letters.newDevice;
  const when = `${p.when} (${w.whenNote})`;
  const rows = [
    [w.site, p.site],
    [w.when, when],
    [w.device, p.device],
  ] as const;
  const page = html`
    <html lang=${p.lang}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${w.subject}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <div role="main">
          <h1>${w.subject}</h1>
          <p>${w.hello(p.name)}</p>
          <p>${w.intro}</p>
          <table>
            ${rows.map(
              ([label, value]) =>
                html`<tr>
                  <th scope="row">${label}</th>
                  <td>${value}</td>
                </tr>`,
            )}
          </table>
          <h2>${w.mineTitle}</h2>
          <p>${w.mine}</p>
          <h2>${w.notMineTitle}</h2>
          ${
            p.notMe === undefined
              ? html`<p>${w.notMineCall(p.phone)}</p>`
              : html`<p>${w.notMine}</p>
                  <p><a href=${p.notMe}>${w.notMineLink}</a></p>
                  <p>${w.callToo(p.phone)}</p>`
          }
          <small>${w.never} ${w.why}</small>
        </div>
      </body>
    </html>
  `;
  const text = [
    w.hello(p.name),
    w.intro,
    rows.map(([label, value]) => `${label}: ${value}`).join('\n'),
    `${w.mineTitle} ${w.mine}`,
    p.notMe === undefined
      ? `${w.notMineTitle} ${w.notMineCall(p.phone)}`
      : `${w.notMineTitle} ${w.notMine}\n${w.notMineLink}: ${p.notMe}\n${w.callToo(p.phone)}`,
    w.never,
    w.why,
  ].join('\n\n');
  return { subject: w.subject, text: `${text}\n`, html: render(page) };
}
