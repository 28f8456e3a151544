import { html } from '../html.ts';
import type { Words } from '../words.ts';
import { factLines, facts, letterHtml, type Fact, type Letter } from './letter.ts';

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

/** Tells of a sign-in on a device never seen before (R-17): what, when, and what to do if it was someone else. */
export function newDeviceLetter(words: Words, p: NewDevice): Letter {
  const w = words.letters.newDevice;
  const when = `${p.when} (${w.whenNote})`;
  const rows: readonly Fact[] = [
    [w.site, p.site],
    [w.when, when],
    [w.device, p.device],
  ];
  const main = html`
    <p>${w.hello(p.name)}</p>
    <p>${w.intro}</p>
    ${facts(rows)}
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
  `;
  const text = [
    w.hello(p.name),
    w.intro,
    factLines(rows),
    `${w.mineTitle} ${w.mine}`,
    p.notMe === undefined
      ? `${w.notMineTitle} ${w.notMineCall(p.phone)}`
      : `${w.notMineTitle} ${w.notMine}\n${w.notMineLink}: ${p.notMe}\n${w.callToo(p.phone)}`,
    w.never,
    w.why,
  ].join('\n\n');
  const sheet = { lang: p.lang, subject: w.subject, title: w.subject, main, small: `${w.never} ${w.why}` };
  return { subject: w.subject, text: `${text}\n`, html: letterHtml(sheet) };
}
