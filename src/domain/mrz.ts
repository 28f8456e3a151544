import { parseRun, type Run } from './run.ts';

/** The three machine-readable lines of an identity card (ICAO 9303 part 5, format TD1). */
export type Card = {
  readonly issuer: string;
  readonly number: string;
  /** With two digits of the year, as the card has it: `80-05-17`. */
  readonly birthdate: string;
  /** ISO: no card is valid for a century. */
  readonly expiry: string;
  /** A Chilean card has it among the optional data. */
  readonly run: Run | undefined;
  readonly surnames: string;
  readonly names: string;
};

export type MrzFault = 'length' | 'characters' | 'kind' | 'check-digit' | 'date';
export type MrzRead =
  { readonly kind: 'read'; readonly card: Card } | { readonly kind: 'faulty'; readonly fault: MrzFault };

const LENGTH = 30;
const WEIGHTS = [7, 3, 1] as const;

/** Digits count as themselves, letters from 10 on, `<` as nothing (ICAO 9303-3 §4.9). */
export function mrzCheck(field: string): string {
  const sum = Array.from(field).reduce((total, character, index) => {
    const value = character === '<' ? 0 : Number.parseInt(character, 36);
    return total + value * (WEIGHTS[index % 3] ?? 1);
  }, 0);
  return String(sum % 10);
}

/**
 * Typed by hand or by a scanner. Spaces are nobody's, small letters are large ones, and what is missing at the end of
 * the first and the last line are fillers; the second is read whole, since a check digit ends it.
 */
export function readMrz(typed: string): MrzRead {
  if (typed.length > 300) return faulty('length');
  const lines = typed
    .normalize('NFKC')
    .toUpperCase()
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[\s«‹]/gu, (one) => (one === '«' ? '<<' : one === '‹' ? '<' : '')))
    .filter((line) => line !== '');
  const [first = '', second = '', third = ''] = lines.length === 1 ? (lines[0]?.match(/.{1,30}/g) ?? []) : lines;
  if (lines.length > 3 || third === '' || second.length !== LENGTH || Math.max(first.length, third.length) > LENGTH)
    return faulty('length');
  const whole = [first.padEnd(LENGTH, '<'), second, third.padEnd(LENGTH, '<')] as const;
  if (!whole.every((line) => /^[0-9A-Z<]+$/.test(line))) return faulty('characters');
  return readLines(whole);
}

const faulty = (fault: MrzFault): MrzRead => ({ kind: 'faulty', fault });

function readLines([first, second, third]: readonly [string, string, string]): MrzRead {
  if (!/^[AIC]/.test(first)) return faulty('kind');
  const [number, birth, expiry] = [first.slice(5, 14), second.slice(0, 6), second.slice(8, 14)];
  // All of it but the sex and the nationality (9303-5 §4.2.4).
  const composite = first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29);
  const right =
    mrzCheck(number) === first[14] &&
    mrzCheck(birth) === second[6] &&
    mrzCheck(expiry) === second[14] &&
    mrzCheck(composite) === second[29];
  if (!right) return faulty('check-digit');
  const [birthdate, until] = [dayOf(birth), dayOf(expiry)];
  if (birthdate === undefined || until === undefined) return faulty('date');
  const [surnames = '', names = ''] = third.split('<<');
  return {
    kind: 'read',
    card: {
      ...{ issuer: bare(first.slice(2, 5)), number: bare(number), birthdate, expiry: `20${until}` },
      run: parseRun(bare(second.slice(18, 29))) ?? parseRun(bare(first.slice(15))),
      ...{ surnames: plainName(surnames), names: plainName(names) },
    },
  };
}

const bare = (field: string) => field.replaceAll('<', '');
const plainName = (field: string) => field.replaceAll('<', ' ').trim();

/** `800517` → `80-05-17`; undefined for no day. */
function dayOf(field: string): string | undefined {
  const day = field.replace(/^(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3');
  const time = Date.parse(`20${day}`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`20${day}`) ? day : undefined;
}

/** As the three lines spell a name: `Muñoz` is MUNOZ or MUNXXOZ, hyphens and apostrophes are fillers or nothing. */
export const spelled = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll('Ñ', 'N')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Z]+/g, ' ')
    .trim();

/** What the card must agree with: the case as it was asked for, and the civil registry. */
export type Expected = {
  readonly run: Run;
  readonly number: string;
  readonly birthdate?: string | undefined;
  readonly names?: readonly string[] | undefined;
  readonly surnames?: readonly string[] | undefined;
  /** The day on which it is asked, ISO. */
  readonly today: string;
};
export const CARD_DIFFERENCES = ['issuer', 'run', 'number', 'birthdate', 'name', 'expired'] as const;
export type CardDifference = (typeof CARD_DIFFERENCES)[number];

/** Document numbers are compared without the dots and spaces between their digits. */
export const plainNumber = (number: string): string => number.toUpperCase().replace(/[^0-9A-Z]/g, '');

/** In what the card differs from what is known; empty when it agrees (VAL-8.3.3-12X). */
export function cardDifferences(card: Card, expected: Expected): readonly CardDifference[] {
  const differs: Readonly<Record<CardDifference, boolean>> = {
    issuer: card.issuer !== 'CHL',
    run: card.run !== expected.run,
    number: plainNumber(card.number) !== plainNumber(expected.number),
    birthdate: expected.birthdate !== undefined && card.birthdate !== expected.birthdate.slice(2),
    name: !sameName(card, expected),
    expired: card.expiry < expected.today,
  };
  return CARD_DIFFERENCES.filter((what) => differs[what]);
}

/** Long names are cut off at the end of the line: what is there must be how the known one begins. */
function sameName(card: Card, { names, surnames }: Expected): boolean {
  if (!names || !surnames) return true;
  const begins = (known: string, read: string) =>
    read !== '' && (known === read || (read.length >= 3 && known.startsWith(read)));
  return begins(spelled(surnames.join(' ')), card.surnames) && begins(spelled(names.join(' ')), card.names);
}
