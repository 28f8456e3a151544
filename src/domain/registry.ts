import { ageAt, YOUNGEST } from './age.ts';
import type { Run } from './run.ts';

/** What the civil registry knows of a person and a document; names as it writes them. */
export type Registered = {
  readonly names: readonly string[];
  readonly surnames: readonly string[];
  /** ISO. */
  readonly birthdate: string;
  /** ISO: until when the document is good. */
  readonly expiry: string;
};

/** only `good` leads on. `mismatch`: the document is somebody else's. `unavailable`: nobody knows, so nothing is issued. */
export type RegistryAnswer =
  | ({ readonly kind: 'good' } & Registered)
  | { readonly kind: 'blocked' | 'expired' | 'deceased' | 'mismatch' | 'unknown' | 'unavailable' };

export type RegistryQuestion = { readonly run: Run; readonly document: string; readonly now: number };

export interface CivilRegistry {
  /** Never throws: whatever is wrong with it is `unavailable`. */
  check(question: RegistryQuestion): Promise<RegistryAnswer>;
}

/** What the emulator's registry can be told to be like, so that everybody sees what comes of it (INTERFACE: `/emulador/fallas`). */
export const REGISTRY_FAULTS = [
  ...(['none', 'blocked', 'expired', 'deceased', 'mismatch', 'unknown', 'slow', 'garbage', 'down'] as const),
] as const;
export type RegistryFault = (typeof REGISTRY_FAULTS)[number];

/** As it is written by the registry's service. */
export type RegistryRecord = {
  readonly run: string;
  readonly vitalStatus: 'alive' | 'deceased';
  readonly names: readonly string[];
  readonly surnames: readonly string[];
  readonly birthDate: string;
  readonly document: {
    readonly number: string;
    readonly belongsToRun: boolean;
    readonly status: 'valid' | 'blocked' | 'lost' | 'expired';
    readonly expiresOn: string;
  };
};

/** The worst first: somebody who has died is never told apart by her card (SECURITY R-50). */
export function judgeRecord(record: RegistryRecord, { run, document, now }: RegistryQuestion): RegistryAnswer {
  const { document: card } = record;
  // An answer about somebody else is no answer.
  if (record.run !== run) return { kind: 'unavailable' };
  if (record.vitalStatus === 'deceased') return { kind: 'deceased' };
  if (!card.belongsToRun || card.number !== document) return { kind: 'mismatch' };
  if (card.status === 'blocked' || card.status === 'lost') return { kind: 'blocked' };
  // Until the end of that day in Chile, wherever on earth it begins first.
  if (card.status === 'expired' || Date.parse(`${card.expiresOn}T00:00:00Z`) + 28 * 3_600_000 <= now)
    return { kind: 'expired' };
  const { names, surnames, birthDate: birthdate } = record;
  return { kind: 'good', names, surnames, birthdate, expiry: card.expiresOn };
}

/** A ClaveÚnica is for people from fourteen on; who is younger is told so by the officer who sees her. */
export const isOldEnough = ({ birthdate }: Pick<Registered, 'birthdate'>, now: number): boolean =>
  ageAt(birthdate, now) >= YOUNGEST;

/** As the card shows it or people type it, `100.200.300` or `A 012 345`: letters and digits alone. Undefined: none. */
export function parseDocument(typed: string): string | undefined {
  if (typed.length > 40) return undefined;
  const plain = typed
    .normalize('NFKC')
    .replace(/[\p{Cf}\s.\p{Pd}]/gu, '')
    .toUpperCase();
  return /^[A-Z0-9]{6,12}$/.test(plain) ? plain : undefined;
}
