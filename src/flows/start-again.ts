import { STAGE, type ActivationStage, type Origin, type RecoveryStage } from '../domain/journey.ts';
import type { Parts } from '../parts.ts';

type Which = { readonly kind: 'recovery' | 'activation'; readonly id: string };
export type StartedAgain =
  /** Where she was going, and the RUN that she typed, wait at the first step. */
  | { readonly kind: 'anew'; readonly id: string }
  /** Nothing of it is left. */
  | { readonly kind: 'gone' }
  /** It had come to its end. */
  | { readonly kind: 'done' };

/**
 * The page of a step that is over, loaded again a while later: the journey begins anew with what she need not do again.
 * Nothing that was proved goes with it, nor what was chosen or shown; that is deleted.
 */
export async function startAgain(
  parts: Pick<Parts, 'clock' | 'journeys' | 'transaction'>,
  { kind, id }: Which,
): Promise<StartedAgain> {
  const now = parts.clock();
  return parts.transaction(async ({ journeys }) => {
    const was = await journeys.find({ kind, id, now: now - STAGE.lapsed });
    if (!was || was.until > now) return { kind: 'gone' };
    const { state } = was;
    await journeys.end(kind, id);
    if (state.at === 'start' || state.at === 'codes' || state.at === 'done') return { kind: 'done' };
    const until = now + STAGE.start;
    return { kind: 'anew', id: await journeys.begin({ kind, state: startOf(state), until }) };
  });
}

/** Where she was going when she began anew, also when the step that she left has been over for a while. */
export async function originBefore(
  { clock, journeys }: Pick<Parts, 'clock' | 'journeys'>,
  { kind, id }: { readonly kind: Which['kind']; readonly id: string | undefined },
): Promise<Origin | undefined> {
  const was = id === undefined ? undefined : await journeys.find({ kind, id, now: clock() - STAGE.lapsed });
  return was?.state.origin;
}

type Step = Exclude<RecoveryStage | ActivationStage, { at: 'start' | 'codes' | 'done' }>;
/** Who comes next to a computer of others learns no RUN from it. */
function startOf({ origin, run, ...rest }: Step) {
  const others = 'shared' in rest && rest.shared;
  return { at: 'start', origin, ...(!others && { run }) } as const;
}
