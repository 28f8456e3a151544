import type { Lang } from '../words.ts';

const TAGS: Record<Lang, string> = { es: 'es-CL', en: 'en-GB' };

/** An instant in Chile's own time: «15 de mayo de 2026, 14:03». */
export const chileanTime = (lang: Lang, at: string): string =>
  new Intl.DateTimeFormat(TAGS[lang], {
    dateStyle: 'long',
    timeStyle: 'medium',
    hour12: false,
    timeZone: 'America/Santiago',
  }).format(new Date(at));
