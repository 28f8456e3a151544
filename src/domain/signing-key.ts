import { GRANT, JWKS_CACHE } from './lifetimes.ts';

/** What tokens may be signed with: RS256 for everybody's software, the others for who asks for them. */
export const SIGNING_ALGS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;
export type SigningAlg = (typeof SIGNING_ALGS)[number];

/** Published, not used → signs → is kept for verifying → is gone. */
export const KEY_STATES = ['current', 'next', 'retiring', 'retired'] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** Where a key stands; milliseconds. `until`: when it leaves its state; one that signs goes when its successor comes. */
export type KeyDates = {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: KeyState;
  readonly createdAt: number;
  readonly since: number;
  readonly until?: number | undefined;
};

const HOUR = 3_600_000;
/** A key signs for so long. */
export const KEY_LIFE = 90 * 24 * HOUR;
/** Published for so long before it signs. */
export const KEY_LEAD = 24 * HOUR;
/**
 * Kept for so long after it signed: longer than any token, and as long as a session can be renewed, since ID tokens
 * come back as `id_token_hint` at its end; and as long again as somebody may hold an older JWKS.
 */
export const KEY_KEPT = (GRANT + JWKS_CACHE) * 1000;
/** So long after a change every process serves it, at the latest: told at once, and looked for by itself. */
export const KEY_SPREAD = 5000;

export type KeyStep =
  | { readonly step: 'make'; readonly alg: SigningAlg; readonly state: 'current' | 'next' }
  /** The next one signs from now on; the one that signed is kept. */
  | { readonly step: 'promote'; readonly alg: SigningAlg }
  | { readonly step: 'retire'; readonly kid: string };

const find = (keys: readonly KeyDates[], alg: SigningAlg, state: KeyState) =>
  keys.find((key) => key.alg === alg && key.state === state);

/**
 * What has to be done now. There is always a next key: whoever reads the JWKS knows it long before it signs, also when it
 * has to sign all of a sudden.
 */
export function stepsDue(keys: readonly KeyDates[], now: number): readonly KeyStep[] {
  const steps = SIGNING_ALGS.flatMap((alg): KeyStep[] => {
    const next = find(keys, alg, 'next');
    if (!find(keys, alg, 'current'))
      return next ? [{ step: 'promote', alg }] : [{ step: 'make', alg, state: 'current' }];
    if (!next) return [{ step: 'make', alg, state: 'next' }];
    // Its own successor is made with it.
    return now >= (next.until ?? 0)
      ? [
          { step: 'promote', alg },
          { step: 'make', alg, state: 'next' },
        ]
      : [];
  });
  const over = keys.filter(({ state, until }) => state === 'retiring' && now >= (until ?? 0));
  return [...steps, ...over.map(({ kid }): KeyStep => ({ step: 'retire', kid }))];
}

/** When a next key may sign at the earliest: whoever keeps an older JWKS has read a newer one by then. */
export const earliestUse = ({ createdAt }: Pick<KeyDates, 'createdAt'>, now: number): number =>
  Math.max(now, createdAt + KEY_LEAD);

/** How long a JWKS may be kept, seconds: never past the date from which one of its keys is not to be believed. */
export function jwksMaxAge(keys: readonly Pick<KeyDates, 'state' | 'until'>[], now: number): number {
  const ends = keys.filter(({ state }) => state === 'retiring').map(({ until = now }) => (until - now) / 1000);
  return Math.max(0, Math.floor(Math.min(JWKS_CACHE, ...ends)));
}

/** Another value whenever something else is published, or another key signs. */
export const stampOf = (keys: readonly Pick<KeyDates, 'kid' | 'state'>[]): string =>
  keys
    .filter(({ state }) => state !== 'retired')
    .map(({ kid, state }) => `${kid} ${state}`)
    .sort()
    .join();
