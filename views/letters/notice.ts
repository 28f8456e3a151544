import type { ContactTold } from '#src/domain/contact-change.ts';
import { html } from '../html.ts';
import { words, type Lang, type Words } from '../words.ts';
import { askedFacts, changeFacts, factLines, facts, letterHtml, line, type Asked, type Letter } from './letter.ts';

export type NoticeLetter = {
  readonly event: keyof Words['letters']['notice']['events'];
  readonly lang: Lang;
  readonly name: string;
  readonly asked: Asked;
  readonly phone: string;
  /** Which contact it was. */
  readonly change?: ContactTold | undefined;
  /** «No fui yo». */
  readonly notMe: string;
  /** Where recovery begins, in the letter that an office sends. */
  readonly recover?: string | undefined;
};

/** Tells what happened to an account (R-17): what, when, who asked, and what to do if it was someone else. */
export function noticeLetter(p: NoticeLetter): Letter {
  const { common, notice: w } = words(p.lang).letters;
  const { subject, what } = w.events[p.event];
  const rows = [...changeFacts(p.lang, p.change), ...askedFacts(p.lang, p.asked)];
  const hello = common.hello(line(p.name));
  const main = html`
    <p>${hello}</p>
    <p>${what}</p>
    ${facts(rows)}
    ${
      p.recover === undefined
        ? html`<h2>${w.mineTitle}</h2>
            <p>${w.mine}</p>`
        : html`<p><a class="way" href=${p.recover}>${w.recover}</a></p>
            <p>${w.recoverNote}</p>`
    }
    <h2>${w.notMineTitle}</h2>
    <p>${w.notMine}</p>
    <p><a class="way" href=${p.notMe}>${w.notMineLink}</a></p>
    <p>${common.callToo(p.phone)}</p>
  `;
  const text = [
    hello,
    what,
    factLines(rows),
    p.recover === undefined ? `${w.mineTitle} ${w.mine}` : `${w.recover}: ${p.recover}\n${w.recoverNote}`,
    `${w.notMineTitle} ${w.notMine}\n${w.notMineLink}: ${p.notMe}\n${common.callToo(p.phone)}`,
    common.never,
    common.why,
  ].join('\n\n');
  const small = `${common.never} ${common.why}`;
  return { subject, text: `${text}\n`, html: letterHtml({ lang: p.lang, subject, title: subject, main, small }) };
}
