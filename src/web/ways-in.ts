import createError from 'http-errors';
import { STAGE, type JourneyKind, type Origin } from '../domain/journey.ts';
import { changing } from './forced-change.ts';
import type { Act, FlowVisit, InteractionVisit } from './kit/row.ts';

const FLOWS = {
  recuperar: { kind: 'recovery', path: '/recuperar' },
  activar: { kind: 'activation', path: '/activar' },
  obtener: { kind: 'enrolment', path: '/obtener' },
} as const satisfies Record<string, { readonly kind: JourneyKind; readonly path: string }>;

/**
 * Out of an interaction into a flow, which then knows where it leads back: only here, where the interaction's cookie
 * is, can that be believed (PRODUCT, custom interactions).
 */
export const goInto: Act<InteractionVisit & Pick<FlowVisit, 'keepJourney'>> = async (visit, parts) => {
  const name = visit.params['flow'] ?? '';
  if (!Object.hasOwn(FLOWS, name)) throw createError(404);
  const { kind, path } = FLOWS[name as keyof typeof FLOWS];
  const origin: Origin = { uid: visit.uid, clientId: visit.client.id };
  const until = parts.clock() + STAGE.start;
  // Who was told to change her ClaveÚnica has typed her RUN already.
  const known = kind === 'recovery' ? changing(visit) : undefined;
  const run = known && (await parts.accounts.byId(known.accountId))?.person.run;
  visit.keepJourney(kind, await parts.journeys.begin({ kind, state: { at: 'start', origin, run }, until }));
  return { status: 303, to: path };
};

/** The end of a flow: the interaction that was left. */
export const comeBack: Act<InteractionVisit> = async ({ here }) => ({ status: 303, to: here });
