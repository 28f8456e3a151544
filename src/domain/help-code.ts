import { parseCode } from './code.ts';
import { ALPHABET } from './crockford.ts';

const ID = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A request, as somebody says it: its beginnings of seven letters, and the whole id if she has it. */
export type SaidRequest = { readonly beginnings: readonly string[]; readonly whole?: string };

/** Of a request id, or of the help code that a page shows: the first five of its twelve bytes. */
export function saidRequest(said: string): SaidRequest | undefined {
  const text = said.trim();
  if (/^[\w-]{16}$/.test(text)) return { beginnings: [text.slice(0, 7)], whole: text };
  const letters = parseCode(text, 8);
  if (letters === undefined) return undefined;
  const value = Array.from(letters).reduce((all, letter) => all * 32 + ALPHABET.indexOf(letter), 0);
  // Forty bits are six letters of six, and four bits of the seventh.
  const six = Array.from({ length: 6 }, (_, at) => ID[Math.floor(value / 2 ** (34 - 6 * at)) % 64] ?? '').join('');
  const rest = (value % 16) * 4;
  return { beginnings: Array.from({ length: 4 }, (_, at) => six + (ID[rest + at] ?? '')) };
}
