import { z } from 'zod';
import { messagePage } from '#views/pages/message.ts';
import { shutPage } from '#views/pages/account/closing.ts';
import { leftPage } from '#views/pages/account/left.ts';
import type { Act, DoorVisit } from '../kit/row.ts';

/** The way in: what the provider answered becomes a session of `/cuenta`. */
export const comeIn: Act<DoorVisit> = async (visit) => {
  const { frame, arrive, isIn } = visit;
  const arrived = await arrive();
  if (arrived === 'cancelled') return { status: 303, to: '/' };
  if (arrived !== undefined) return { status: 303, to: arrived.to };
  // The Back button, or a link that was kept: whoever is in goes in.
  if (await isIn()) return { status: 303, to: '/cuenta' };
  const again = { href: '/cuenta', label: frame.words.account.signInAgain };
  return { status: 410, page: messagePage(frame, { kind: 'stale', to: again }) };
};

/** The way out: our own session at once, then RP-initiated logout. */
export const goOut: Act<DoorVisit> = async ({ leave }) => ({ status: 303, to: (await leave()) ?? '/cuenta/salida' });

const SHUT = { bloqueada: 'blocked', 'bloqueada-sin-correo': 'blockedForOffice', cerrada: 'closed' } as const;

export const showLeft: Act<DoorVisit> = async ({ frame, query }) => {
  const how = z.enum(['bloqueada', 'bloqueada-sin-correo', 'cerrada']).safeParse(query.get('cuenta')).data;
  return { status: 200, page: how === undefined ? leftPage(frame) : shutPage(frame, { how: SHUT[how] }) };
};
