import { loggedOutPage } from '#views/pages/log-out.ts';
import { legacyLogout } from '../flows/legacy-logout.ts';
import type { Act, SessionVisit } from './kit/row.ts';

/**
 * Today's `/api/v1/accounts/app/logout`: ends the session of this browser without asking and leads back. From a server
 * or a frame, where the cookie does not travel, there is nothing to end.
 */
export const logOutAsToday: Act<SessionVisit> = async ({ query, config, frame, endSession }, parts) => {
  const asked = query.getAll('redirect');
  const outcome = await legacyLogout(parts, {
    redirect: asked.length === 1 ? (asked[0] ?? '') : '',
    emulator: config.emulator,
  });
  await endSession();
  switch (outcome.kind) {
    case 'to-site':
      return { status: 302, to: outcome.to };
    case 'stay':
      return { status: 200, page: loggedOutPage(frame, { home: '/' }) };
  }
};
