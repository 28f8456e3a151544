import type { Profile } from './client.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Seconds. SECURITY.md §4.4, decisions 4 and 15; CONTRACT.md's table. */
export const SESSION_IDLE = 30 * MINUTE;
export const SESSION_ABSOLUTE = 8 * HOUR;
export const INTERACTION = 60 * MINUTE;
/** A request can be started again for so long after its page went stale. */
export const REQUEST_KEPT = 8 * HOUR;
/** Longer than any session that began with it and was renewed by a new login. */
export const GRANT = 24 * HOUR;
export const AUTHORIZATION_CODE = 60;
/** How long sites may keep our keys: what is withdrawn is believed no longer than this. */
export const JWKS_CACHE = 15 * MINUTE;
/** Where refresh tokens are allowed at all (decision 12). */
export const REFRESH_TOKEN = 14 * DAY;
/** What a person is asked on another device: the device flow, CIBA. */
export const ASKED_ELSEWHERE = 10 * MINUTE;
export const DEVICE_KNOWN = 365 * DAY;
/** Of the audit chain's rows; what a citizen sees of them ends earlier (SECURITY §4.4). */
export const AUDIT_KEPT = 7 * 365 * DAY;
/** Long over; what happened is in the audit log. */
export const SESSIONS_KEPT = 30 * DAY;
/** What operators were alerted to, after somebody has seen it: as long as the security log. */
export const ALERTS_KEPT = 2 * 365 * DAY;
/** After the account that it led to has ended, or after itself where it led to none (SECURITY §4.4). */
export const EVIDENCE_KEPT = 5 * 365 * DAY;
/** What two people decided, or nobody in time: as requests that nobody finished. */
export const PROPOSALS_KEPT = 30 * DAY;
/** Cases of accounts that were closed: as the security log. */
export const CASES_KEPT = 2 * 365 * DAY;

const TOKENS: Record<Profile, { readonly accessToken: number; readonly idToken: number }> = {
  claveunica: { accessToken: HOUR, idToken: 10 * MINUTE },
  oidc: { accessToken: 5 * MINUTE, idToken: 5 * MINUTE },
};
export const tokenLifetimes = (profile: Profile) => TOKENS[profile];

/** A session's two limits; times in seconds. */
export function sessionIsOver(
  session: { readonly begunAt: number | undefined; readonly touchedAt: number },
  now: number,
): boolean {
  return (
    now >= session.touchedAt + SESSION_IDLE ||
    (session.begunAt !== undefined && now >= session.begunAt + SESSION_ABSOLUTE)
  );
}
