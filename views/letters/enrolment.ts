import type { Rejection } from '#src/domain/checklist.ts';
import { html } from '../html.ts';
import { clockTime, weekdayInWords } from '../parts/moment.ts';
import { words, type Lang, type Words } from '../words.ts';
import { askedFacts, factLines, facts, letterHtml, line, type Asked, type Fact, type Letter } from './letter.ts';

export type EnrolmentLetter = {
  readonly event: keyof Words['enrolmentLetters']['events'];
  readonly lang: Lang;
  /** Back to her request, or where she goes on after it. */
  readonly way: string;
  /** Why an officer did not identify her. */
  readonly rejection?: Rejection | undefined;
  /** Whom to call. */
  readonly phone: string;
  readonly hour?:
    | { readonly startsAt: number; readonly office?: string | undefined; readonly address?: string | undefined }
    | undefined;
};

const LABELS = {
  ...({ booked: 'way', moved: 'way', day: 'way', hour: 'way' } as const),
  ...({ cancelled: 'choose', missed: 'choose', free: 'choose', released: 'choose', reissued: 'see' } as const),
  ...({ replaced: 'see' } as const),
  ...({ identified: 'activate', rejected: 'offices', withdrawn: 'again' } as const),
} satisfies Record<EnrolmentLetter['event'], 'way' | 'choose' | 'see' | 'activate' | 'offices' | 'again'>;
/** Whoever did not do it herself must say so at once: in each, what she does then, and whom she calls. */
const LAST: Partial<Record<EnrolmentLetter['event'], 'reissuedNotMine' | 'identifiedNotMine' | 'withdrawnNotMine'>> = {
  ...{
    reissued: 'reissuedNotMine',
    replaced: 'reissuedNotMine',
    identified: 'identifiedNotMine',
    withdrawn: 'withdrawnNotMine',
  },
};

/** About an hour: when, where, and the one link with which she changes it. It names nobody (R-57). */
export function enrolmentLetter({ event, lang, way, phone, hour, rejection }: EnrolmentLetter): Letter {
  const { enrolmentLetters: w, letters } = words(lang);
  const { subject, what } = w.events[event];
  const rows: readonly Fact[] = hour
    ? [
        [
          w.when,
          words(lang).enrolment.standing.at(weekdayInWords(lang, hour.startsAt), clockTime(lang, hour.startsAt)),
        ],
        [w.where, line([hour.office, hour.address].filter((part) => part !== undefined).join(', ')) || w.video],
      ]
    : rejection
      ? [[w.why, w.reasons[rejection]]]
      : [];
  const label = w[LABELS[event]];
  const notMine = LAST[event];
  // Her card is for an hour that is to come.
  const bring = LABELS[event] === 'way' ? [w.bring] : [];
  const last = notMine ? [w[notMine](phone)] : event === 'rejected' ? [w.rejectedNext(phone)] : [...bring, w.notMine];
  const main = html`
    <p>${what}</p>
    ${facts(rows)}
    <p><a class="way" href=${way}>${label}</a></p>
    ${last.map((part) => html`<p>${part}</p>`)}
  `;
  const small = `${letters.common.never} ${w.reason}`;
  const text = [what, factLines(rows), `${label}: ${way}`, ...last, letters.common.never, w.reason];
  return {
    subject,
    text: `${text.filter((part) => part !== '').join('\n\n')}\n`,
    html: letterHtml({ lang, subject, title: subject, main, small }),
  };
}

export type EnrolmentCodeLetter = {
  readonly lang: Lang;
  readonly code: string;
  readonly way: string;
  readonly asked: Asked;
};

/** To an address that anybody may have written: a code, and a link that does the same. */
export function enrolmentCodeLetter({ lang, code, way, asked }: EnrolmentCodeLetter): Letter {
  const { enrolmentLetters: w, letters } = words(lang);
  const { subject, first, what, way: label } = w.code;
  const rows = askedFacts(lang, asked);
  const main = html`
    <p>${what}</p>
    <p><a class="way" href=${way}>${label}</a></p>
    ${facts(rows)}
    <p>${w.notMine}</p>
  `;
  const small = `${letters.common.never} ${w.reason}`;
  const title = html`<b>${code}</b>${first(code).replace(code, '')}`;
  const text = [first(code), what, `${label}: ${way}`, factLines(rows), w.notMine, letters.common.never, w.reason];
  return { subject, text: `${text.join('\n\n')}\n`, html: letterHtml({ lang, subject, title, main, small }) };
}
