import { html } from '../html.ts';
import type { Words } from '../words.ts';
import { factLines, facts, letterHtml, type Fact, type Letter } from './letter.ts';

export type SignInCode = {
  readonly lang: string;
  readonly name: string;
  /** In groups, as it is read. */
  readonly code: string;
  readonly site: string;
  readonly when: string;
  readonly device: string;
  readonly phone: string;
};

/** A code for one more step. It stands first in the text and never in the subject. */
export function signInCodeLetter(words: Words, p: SignInCode): Letter {
  const w = words.letters.signInCode;
  const rows: readonly Fact[] = [
    [w.site, p.site],
    [w.when, `${p.when} (${w.whenNote})`],
    [w.device, p.device],
  ];
  const main = html`
    <p>${w.hello(p.name)}</p>
    <p>${w.intro}</p>
    ${facts(rows)}
    <h2>${w.notMineTitle}</h2>
    <p>${w.notMine(p.phone)}</p>
  `;
  const text = [
    w.code(p.code),
    w.hello(p.name),
    w.intro,
    factLines(rows),
    `${w.notMineTitle} ${w.notMine(p.phone)}`,
    w.never,
    w.why,
  ].join('\n\n');
  const sheet = { lang: p.lang, subject: w.subject, title: w.code(p.code), main, small: `${w.never} ${w.why}` };
  return { subject: w.subject, text: `${text}\n`, html: letterHtml(sheet) };
}
