import { z } from 'zod';
import { STRENGTHS, type Strength } from '../domain/account.ts';
import type { LiveSession } from '../flows/step-up.ts';
import type { Parts } from '../parts.ts';
import type { InteractionVisit } from './kit/row.ts';

const pending = z.object({ kind: z.literal('pending'), accountId: z.string(), at: z.number(), shared: z.boolean() });
const asked = z.object({
  kind: z.enum(['prove', 'set-up']),
  strength: z.enum(STRENGTHS),
  acr: z.string(),
  amr: z.array(z.string()).default([]),
  loginTs: z.number(),
});

export type Pending = z.output<typeof pending>;

/** Whose factor is asked for: after her password, or on top of a live session. */
export type Who =
  | ({ readonly why: 'sign-in' } & Pending)
  | {
      readonly why: 'more';
      readonly accountId: string;
      readonly kind: 'prove' | 'set-up';
      readonly strength: Strength;
      readonly session: LiveSession;
      readonly shared: boolean;
    };

/** Undefined for who has not proved anything here yet. */
export async function whoIs(visit: InteractionVisit, { sessions }: Pick<Parts, 'sessions'>): Promise<Who | undefined> {
  if (visit.prompt !== 'assurance') {
    const known = pending.safeParse(visit.kept);
    return known.success ? { why: 'sign-in', ...known.data } : undefined;
  }
  if (visit.session?.uid === undefined) return undefined;
  const { accountId, uid } = visit.session;
  const { kind, strength, acr, amr, loginTs: at } = asked.parse(visit.details);
  const shared = (await sessions.standing(accountId, uid))?.shared ?? true;
  return { why: 'more', accountId, kind, strength, session: { accountId, acr, amr, at }, shared };
}
