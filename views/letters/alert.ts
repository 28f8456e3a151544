import { html } from '../html.ts';
import { words, type Lang, type Words } from '../words.ts';
import { askedFacts, factLines, facts, letterHtml, line, type Letter } from './letter.ts';

export type AlertLetter = {
  readonly kind: keyof Words['alerts']['kinds'];
  readonly lang: Lang;
  /** Milliseconds. */
  readonly at: number;
  readonly details: Readonly<Record<string, string | number | boolean>>;
  /** Where the console is, if there is one. */
  readonly console: string | undefined;
};

/** To whoever runs the product (R-100): what, when, what to do. Nobody's data are in it. */
export function alertLetter({ kind, lang, at, details, console }: AlertLetter): Letter {
  const w = words(lang).alerts;
  const { title, todo } = w.kinds[kind];
  const subject = w.subject(title);
  const rows = [
    ...askedFacts(lang, { at, site: '', deviceName: '', network: '' }),
    ...Object.entries(details).map(([name, value]) => [line(name), line(String(value))] as const),
  ];
  const main = html`
    <p>${w.intro}</p>
    <p>${todo}</p>
    ${facts(rows)} ${console !== undefined && html`<p><a class="way" href=${console}>${w.look}</a></p>`}
  `;
  const way = console === undefined ? [] : [`${w.look}: ${console}`];
  const text = [w.intro, `${title}. ${todo}`, factLines(rows), ...way, w.why].join('\n\n');
  return { subject, text: `${text}\n`, html: letterHtml({ lang, subject, title, main, small: w.why }) };
}
