import { en } from './words/en.ts';
import { es, type Words } from './words/es.ts';

const ALL = { es, en } as const satisfies Record<string, Words>;

export type Lang = keyof typeof ALL;
export type { Words };
/** Every language there is, Spanish first. */
export const LANGS = Object.keys(ALL) as readonly Lang[];
/** What pages and letters say in one language. */
export const words = (lang: Lang): Words => ALL[lang];
/** Is there such a language? */
export const isLang = (tag: string): tag is Lang => Object.hasOwn(ALL, tag);
