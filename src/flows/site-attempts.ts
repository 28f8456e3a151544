import { ATTEMPTS, attemptsIn, type Attempt } from '../domain/site-attempt.ts';
import type { Parts } from '../parts.ts';

/** What a site tried lately, the newest first. */
export async function siteAttempts(
  { clock, siteSteps }: Pick<Parts, 'clock' | 'siteSteps'>,
  clientId: string,
): Promise<readonly Attempt[]> {
  const since = clock() - ATTEMPTS.kept;
  const steps = await siteSteps.of(clientId, ATTEMPTS.steps);
  return attemptsIn(steps.filter(({ at }) => at >= since));
}
