import {
  earliestUse,
  KEY_KEPT,
  KEY_LIFE,
  stepsDue,
  type KeyDates,
  type KeyStep,
  type SigningAlg,
} from '../domain/signing-key.ts';
import type { Parts, Tx } from '../parts.ts';
import type { SigningKey, StoredJwk } from '../stores/signing-keys.ts';

type Needs = Pick<Parts, 'clock' | 'signer' | 'transaction'>;

/** What was changed; `at` is when it holds. */
export type KeyChange = {
  readonly change: 'published' | 'signs' | 'planned' | 'retiring' | 'retired';
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly at: number;
};

/** The steps that are due, by whichever process comes first. */
export const tendKeys = (parts: Needs): Promise<readonly KeyChange[]> => carryOut(parts, stepsDue);

/**
 * What is published already signs as soon as everybody who keeps our JWKS has read it: that may be at once, and is a day
 * at most.
 */
export async function planRotation(parts: Needs, algs: readonly SigningAlg[]): Promise<readonly KeyChange[]> {
  const made = await carryOut(parts, (keys) => missing(keys, algs));
  const now = parts.clock();
  const planned = await parts.transaction(async (tx) => {
    await tx.signingKeys.hold();
    const next = (await tx.signingKeys.list()).filter(({ alg, state }) => state === 'next' && algs.includes(alg));
    const sooner = next.map((key) => ({ ...key, until: earliestUse(key, now), was: key.until ?? 0 }));
    for (const { kid, since, until, was } of sooner)
      if (until < was) await tx.signingKeys.move(kid, { state: 'next', since, until });
    return sooner.map(({ kid, alg, until }): KeyChange => ({ change: 'planned', kid, alg, at: until }));
  });
  const due = await carryOut(parts, (keys, at) =>
    stepsDue(keys, at).filter((step) => step.step !== 'retire' && algs.includes(step.alg)),
  );
  return [...made, ...planned.filter(({ at }) => at > now), ...due];
}

/** What is published as the next key signs from now on; where there is none a new one does. */
export async function rotateNow(parts: Needs, algs: readonly SigningAlg[]): Promise<readonly KeyChange[]> {
  await carryOut(parts, (keys) => missing(keys, algs));
  const changes = await carryOut(parts, () => algs.map((alg) => ({ step: 'promote', alg })));
  // Making keys takes seconds, for which nobody waits in an emergency.
  return [...changes, ...(await carryOut(parts, (keys) => missing(keys, algs)))];
}

/**
 * For keys in wrong hands, the first of two steps: what was to sign next lay beside them, and is replaced. `replaced` may
 * sign when all processes publish it (KEY_SPREAD).
 */
export async function replaceNext(parts: Needs, algs: readonly SigningAlg[]): Promise<readonly KeyChange[]> {
  return carryOut(parts, (keys) => [
    ...keys
      .filter(({ alg, state }) => state === 'next' && algs.includes(alg))
      .map(({ kid }): KeyStep => ({ step: 'retire', kid })),
    ...algs.map((alg): KeyStep => ({ step: 'make', alg, state: 'next' })),
  ]);
}

/** The second: nothing signed by what was withdrawn is believed any more, once the JWKS of before has run out. */
export async function withdrawRetiring(parts: Needs, algs: readonly SigningAlg[]): Promise<readonly KeyChange[]> {
  return carryOut(parts, (keys) =>
    keys
      .filter(({ alg, state }) => state === 'retiring' && algs.includes(alg))
      .map(({ kid }): KeyStep => ({ step: 'retire', kid })),
  );
}

const missing = (keys: readonly KeyDates[], algs: readonly SigningAlg[]): readonly KeyStep[] =>
  algs
    .filter((alg) => !keys.some((key) => key.alg === alg && key.state === 'next'))
    .map((alg) => ({ step: 'make', alg, state: 'next' }));

type Plan = (keys: readonly KeyDates[], now: number) => readonly KeyStep[];

/** Keys take time to be made, so they are made before the others are locked out; who comes second finds it done. */
async function carryOut(parts: Needs, plan: Plan): Promise<readonly KeyChange[]> {
  const now = parts.clock();
  const steps = plan(await parts.transaction((tx) => tx.signingKeys.list()), now);
  if (steps.length === 0) return [];
  const wanted = steps.filter((step) => step.step === 'make').map(({ alg }) => alg);
  const fresh = new Map(await Promise.all(wanted.map(async (alg) => [alg, await parts.signer.make(alg)] as const)));
  return parts.transaction(async (tx) => {
    await tx.signingKeys.hold();
    const changes: KeyChange[] = [];
    for (const step of plan(await tx.signingKeys.list(), now)) {
      changes.push(...(await apply(step, { tx, parts, now, fresh })));
    }
    for (const { change, kid, alg, at } of changes)
      await tx.audit.add({ kind: EVENTS[change], at: now, details: { kid, alg, until: at } });
    return changes;
  });
}

const EVENTS = {
  published: 'key-created',
  signs: 'key-used',
  planned: 'key-created',
  retiring: 'key-retiring',
  retired: 'key-retired',
} as const;

type Applying = {
  readonly tx: Tx;
  readonly parts: Needs;
  readonly now: number;
  readonly fresh: ReadonlyMap<SigningAlg, StoredJwk>;
};

async function apply(step: KeyStep, { tx, parts, now, fresh }: Applying): Promise<readonly KeyChange[]> {
  const keys = await tx.signingKeys.published();
  const of = (alg: SigningAlg, state: SigningKey['state']) =>
    keys.find((key) => key.jwk.alg === alg && key.state === state);
  switch (step.step) {
    case 'make': {
      const jwk = fresh.get(step.alg);
      const until = step.state === 'next' ? now + KEY_LIFE : undefined;
      if (!jwk || !(await tx.signingKeys.add({ jwk, state: step.state, createdAt: now, since: now, until }))) return [];
      const change = step.state === 'next' ? 'published' : 'signs';
      return [{ change, kid: jwk.kid, alg: step.alg, at: now }];
    }
    case 'promote': {
      const [old, next] = [of(step.alg, 'current'), of(step.alg, 'next')];
      if (!next) return [];
      const until = now + KEY_KEPT;
      // It verifies from now on, and for that nobody needs its private part.
      if (old)
        await tx.signingKeys.move(
          old.jwk.kid,
          { state: 'retiring', since: now, until },
          parts.signer.publicPart(old.jwk),
        );
      await tx.signingKeys.move(next.jwk.kid, { state: 'current', since: now, until: undefined });
      const signs: KeyChange = { change: 'signs', kid: next.jwk.kid, alg: step.alg, at: now };
      return old ? [signs, { change: 'retiring', kid: old.jwk.kid, alg: step.alg, at: until }] : [signs];
    }
    case 'retire': {
      const key = keys.find(({ jwk }) => jwk.kid === step.kid);
      if (!key) return [];
      await tx.signingKeys.move(step.kid, { state: 'retired', since: now, until: undefined }, null);
      return [{ change: 'retired', kid: step.kid, alg: key.jwk.alg, at: now }];
    }
  }
}
