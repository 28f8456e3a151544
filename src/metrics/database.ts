import type { Live } from '../connect.ts';
import { gaugeOf, type Figure } from '../domain/figure.ts';
import { THERE } from '../domain/presence.ts';
import { within } from '../tasks/pace.ts';

const MOST_JOBS = 100_000;
const JOBS = ['letter', 'backchannel-logout'] as const;
/** Nobody asks the database more often; milliseconds. */
const KEPT = 10_000;

type Tools = Pick<Live, 'parts' | 'auditChain'>;

/** What the database knows; what it does not answer within so many milliseconds is not there. */
export function databaseFigures(tools: Tools, patience: number): () => Promise<readonly Figure[]> {
  let known: { readonly at: number; readonly answer: Promise<readonly Figure[]> } | undefined;
  return () => {
    const now = performance.now();
    if (!known || now - known.at > KEPT) known = { at: now, answer: ask(tools, patience) };
    return known.answer;
  };
}

async function ask({ parts, auditChain }: Tools, patience: number): Promise<readonly Figure[]> {
  // One after another: they take one connection of those that serve people.
  const questions = [() => jobs(parts), () => audit(parts, auditChain), () => keys(parts), () => line(parts)];
  const figures: Figure[] = [];
  const missed = (err: unknown) => {
    parts.outages.met(err, { tell: () => parts.log.warn({ err }, 'figures of the database') });
    return [];
  };
  const until = performance.now() + patience;
  let whole = true;
  for (const question of questions) {
    const left = until - performance.now();
    const answer = left > 0 ? await within(left, question()).catch(missed) : [];
    figures.push(...answer);
    whole &&= answer.length > 0;
  }
  return [gaugeOf('claveunica_database_figures_up', [[{}, Number(whole)]]), ...figures];
}

type Parts = Live['parts'];

async function jobs(parts: Parts): Promise<readonly Figure[]> {
  const found = await parts.jobs.standing(MOST_JOBS);
  const named = [...JOBS, 'other' as const].map((job) => {
    const those = found.filter((each) => (JOBS.find((name) => name === each.job) ?? 'other') === job);
    const total = (what: 'waiting' | 'retrying' | 'dead') => those.reduce((sum, each) => sum + each[what], 0);
    return { job, total, late: Math.max(0, ...those.map(({ lateSeconds }) => lateSeconds)) };
  });
  const states = ['waiting', 'retrying', 'dead'] as const;
  return [
    gaugeOf(
      'claveunica_jobs',
      named.flatMap(({ job, total }) => states.map((state) => [{ job, state }, total(state)] as const)),
    ),
    gaugeOf(
      'claveunica_jobs_late_seconds',
      named.map(({ job, late }) => [{ job }, late] as const),
    ),
  ];
}

async function audit({ clock }: Parts, auditChain: Tools['auditChain']): Promise<readonly Figure[]> {
  const { blocks, oldestUnsealed } = await auditChain.state();
  const age = oldestUnsealed === undefined ? 0 : Math.max(0, clock() - oldestUnsealed) / 1000;
  return [
    gaugeOf('claveunica_audit_blocks', [[{}, blocks]]),
    gaugeOf('claveunica_audit_unsealed_seconds', [[{}, age]]),
  ];
}

async function keys({ clock, signingKeys }: Parts): Promise<readonly Figure[]> {
  const now = clock();
  const next = (await signingKeys.list()).filter(({ state, until }) => state === 'next' && until !== undefined);
  return [
    gaugeOf(
      'claveunica_signing_key_rotation_seconds',
      next.map(({ alg, until = now }) => [{ alg }, (until - now) / 1000] as const),
    ),
  ];
}

async function line({ clock, figures }: Parts): Promise<readonly Figure[]> {
  const now = clock();
  const waiting = await figures.waiting({ video: now - THERE.video, office: now - THERE.office });
  return [gaugeOf('claveunica_people_in_line', [[{}, waiting]])];
}
