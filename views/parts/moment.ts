import type { Lang, Words } from '../words.ts';

const TAGS: Record<Lang, string> = { es: 'es-CL', en: 'en-GB' };
const ZONE = 'America/Santiago';

/** An instant in Chile's own time: to the second: «15 de mayo de 2026, 14:03:09». */
export const chileanTime = (lang: Lang, at: string): string =>
  new Intl.DateTimeFormat(TAGS[lang], {
    dateStyle: 'long',
    timeStyle: 'medium',
    hour12: false,
    timeZone: ZONE,
  }).format(new Date(at));

const DAY_MS = 86_400_000;
/** `2026-05-15`, as the calendar in Chile says. */
const dayOf = (at: number) => new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(at);

type Instant = { readonly lang: Lang; readonly words: Words; readonly at: number; readonly now: number };

/** «18:40». */
export const clockTime = (lang: Lang, at: number): string =>
  new Intl.DateTimeFormat(TAGS[lang], { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: ZONE }).format(at);

const longDay = (lang: Lang, at: number): string =>
  new Intl.DateTimeFormat(TAGS[lang], { dateStyle: 'long', timeZone: ZONE }).format(at);

/** As one says it: «ayer a las 18:40», «el 15 de mayo de 2026 a las 14:03». Milliseconds. */
export function inPlainWords({ lang, words, at, now }: Instant): string {
  const w = words.account.moment;
  const time = clockTime(lang, at);
  if (dayOf(at) === dayOf(now)) return w.today(time);
  if (dayOf(at) === dayOf(now - DAY_MS)) return w.yesterday(time);
  return momentInWords({ lang, words, at });
}

/** For what is kept: «el 15 de mayo de 2026 a las 14:03» is true tomorrow too. */
export const momentInWords = ({ lang, words, at }: Omit<Instant, 'now'>): string =>
  words.account.moment.on(longDay(lang, at), clockTime(lang, at));

/** The head of a day in a list: «Hoy», «Ayer», «15 de mayo de 2026». */
export function dayHead({ lang, words, at, now }: Instant): string {
  if (dayOf(at) === dayOf(now)) return words.activity.today;
  if (dayOf(at) === dayOf(now - DAY_MS)) return words.activity.yesterday;
  return longDay(lang, at);
}

/** The day alone. Milliseconds. */
export const dayInWords = (lang: Lang, at: number): string =>
  new Intl.DateTimeFormat(TAGS[lang], { dateStyle: 'long', timeZone: ZONE }).format(at);

/** A day on which somebody is waited for: «lunes, 30 de noviembre de 2026». Milliseconds. */
export const weekdayInWords = (lang: Lang, at: number): string =>
  new Intl.DateTimeFormat(TAGS[lang], { dateStyle: 'full', timeZone: ZONE }).format(at);

/** A day of the calendar (ISO): «lun 30 nov», «lunes, 30 de noviembre». */
export const calendarDay = (lang: Lang, day: string, size: 'short' | 'long'): string =>
  new Intl.DateTimeFormat(TAGS[lang], { weekday: size, day: 'numeric', month: size, timeZone: 'UTC' }).format(
    Date.parse(`${day}T12:00:00Z`),
  );

/** «Chrome en Android», from `Chrome, Android`. */
export function deviceInWords({ account }: Words, device: string): string {
  const [browser = '', system] = device.split(', ');
  if (browser === '') return account.device.unknown;
  return system === undefined ? browser : account.device.in(browser, system);
}
