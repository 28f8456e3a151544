import { html } from '../html.ts';
import { words, type Lang } from '../words.ts';
import { askedFacts, factLines, facts, letterHtml, line, type Asked, type Letter } from './letter.ts';

export type CodeLetter = {
  readonly kind: 'sign-in' | 'recovery' | 'activation' | 'confirmation';
  readonly lang: Lang;
  /** Empty where the reader may be anybody (R-57). */
  readonly name: string;
  /** In groups, as it is read. */
  readonly code: string;
  readonly minutes: number;
  readonly asked: Asked;
  readonly phone: string;
  /** «No fui yo». */
  readonly notMe?: string | undefined;
  /** Where an activation code is typed. */
  readonly activate?: string | undefined;
};

/** A code. It stands first in the text and never in the subject (R-17, R-18). */
export function codeLetter(p: CodeLetter): Letter {
  const { common, codes, notice } = words(p.lang).letters;
  const { subject, code, intro, notMine } = codes[p.kind];
  const rows = askedFacts(p.lang, p.asked);
  const hello = common.hello(line(p.name));
  const lasts = p.minutes >= 120 ? codes.lastsHours(Math.round(p.minutes / 60)) : codes.lastsMinutes(p.minutes);
  const why = p.kind === 'confirmation' ? codes.whyUnconfirmed : common.why;
  const main = html`
    <p>${hello}</p>
    <p>${intro} ${lasts}</p>
    ${p.activate !== undefined && html`<p><a class="way" href=${p.activate}>${codes.activate}</a></p>`} ${facts(rows)}
    <h2>${codes.notMineTitle}</h2>
    <p>${notMine(p.phone)}</p>
    ${p.notMe !== undefined && html`<p><a href=${p.notMe}>${notice.notMineLink}</a></p>`}
  `;
  const text = [
    code(p.code),
    hello,
    `${intro} ${lasts}`,
    ...(p.activate === undefined ? [] : [`${codes.activate}: ${p.activate}`]),
    factLines(rows),
    `${codes.notMineTitle} ${notMine(p.phone)}`,
    ...(p.notMe === undefined ? [] : [`${notice.notMineLink}: ${p.notMe}`]),
    common.never,
    why,
  ].join('\n\n');
  // The code on a line of its own, the sentence below: together they read as in the text.
  const title = html`<b>${p.code}</b>${code(p.code).replace(p.code, '')}`;
  return {
    subject,
    text: `${text}\n`,
    html: letterHtml({ lang: p.lang, subject, title, main, small: `${common.never} ${why}` }),
  };
}

/** The same in seventy characters, as one message of a telephone. */
export const codeText = (lang: Lang, written: string): string => words(lang).letters.codes.sms(written);
