import type { Person } from './account.ts';
import { normalPassword } from './password.ts';

/** Code points at least, unless the operator wants more (decision 1: login.gov's 12; NIST's 15 is one value of the setting). */
export const MIN_PASSWORD_CODE_POINTS = 12;

/** Out of four; zxcvbn's «safely unguessable» begins at three. */
export const MIN_SCORE = 3;

/** What a password must not be made of: whose it is. */
export type Own = Partial<Pick<Person, 'run' | 'names' | 'surnames' | 'birthdate' | 'email' | 'phone'>>;

export type Weakness = 'too-short' | 'too-long' | 'own-data' | 'common' | 'guessable';
export type Judgement =
  | { readonly kind: 'fine'; /** As it is hashed. */ readonly password: string }
  | { readonly kind: 'weak'; readonly reason: Weakness; readonly minimum: number };

/** Words that stand on these pages and in everybody's head. */
const CONTEXT = [
  ...['claveunica', 'clave unica', 'clave', 'unica', 'contrasena', 'password', 'registro civil', 'registrocivil'],
  ...[
    'identidad digital',
    'gobierno digital',
    'gob cl',
    'gobierno',
    'chileatiende',
    'municipalidad',
    'chile',
    'run',
    'rut',
  ],
  ...['santiago', 'estado', 'tramite', 'secreto', 'secreta', 'usuario', 'bienvenido', 'nueva', 'admin', 'qwerty'],
].map(folded);

/** What is left must be worth something by itself. */
const LEAST_REST = 6;

/** Small letters without accents, and figures; nothing else. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Names, contact, dates and numbers of a person, in the spellings that people use; folded, the longest first. */
export function ownWords({ run, names = [], surnames = [], birthdate, email, phone }: Own): readonly string[] {
  const [digits = '', check = ''] = run?.split('-') ?? [];
  const [year = '', month = '', day = ''] = birthdate?.split('-') ?? [];
  const local = email?.split('@')[0] ?? '';
  const dates = birthdate === undefined ? [] : [day + month + year, year + month + day, month + day + year];
  const short = birthdate === undefined ? [] : [day + month + year.slice(2), year];
  const all = [
    ...[digits + check, digits, ...names, ...surnames, local, ...local.split(/[^\p{L}]+/u)],
    ...[...dates, ...short, phone ?? '', (phone ?? '').replace(/^\+56/, '')],
  ];
  const words = new Set(all.map(folded).filter((word) => word.length >= 3));
  return [...words].sort((a, b) => b.length - a.length);
}

/** Whether little stays when the words are taken out; false when none of them is in it. */
function madeOf(text: string, words: readonly string[]): boolean {
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), text);
  return rest !== text && rest.length < LEAST_REST;
}

/**
 * What can be said without dictionaries (R-01…R-04): length in code points after NFKC, own data, words of the context.
 * No composition rules. `unread`: the dictionaries have the last word.
 */
export function judgeByRule(
  typed: string,
  own: Own,
  minimum = MIN_PASSWORD_CODE_POINTS,
): Judgement | { readonly kind: 'unread'; readonly password: string } {
  const weak = (reason: Weakness): Judgement => ({ kind: 'weak', reason, minimum });
  const password = normalPassword(typed);
  if (password === undefined) return weak(typed === '' ? 'too-short' : 'too-long');
  if (Array.from(password).length < minimum) return weak('too-short');
  const plain = folded(password);
  const words = ownWords(own);
  if (madeOf(plain, words)) return weak('own-data');
  if (madeOf(plain, CONTEXT)) return weak('common');
  // «claveunica» and her name, each half of it.
  if (madeOf(plain, [...words, ...CONTEXT])) return weak('own-data');
  return { kind: 'unread', password };
}
