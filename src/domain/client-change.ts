import { isSite } from './account-session.ts';
import { acceptableUri, type Client, type ClientSecret } from './client.ts';

/** What two administrators may change of a site. Addresses are given anew, never added to. */
export type ClientChange =
  | {
      readonly what: 'uris';
      readonly redirectUris: readonly string[];
      readonly postLogoutRedirectUris: readonly string[];
    }
  | { readonly what: 'certify' }
  | { readonly what: 'suspend' }
  | { readonly what: 'resume' };

/**
 * One of an institution, which people may change: not one that registered itself, nor our own pages, without which
 * nobody could undo it.
 */
export const isInstitutions = ({ id, registered }: Pick<Client, 'id' | 'registered'>): boolean =>
  registered === undefined && isSite(id);

/** Whether such a change is one for a site in that state. */
export function isOpenTo({ what }: Pick<ClientChange, 'what'>, { id, state }: Pick<Client, 'id' | 'state'>): boolean {
  if (!isSite(id)) return false;
  if (what === 'uris') return true;
  if (what === 'certify') return state !== 'certified' && state !== 'suspended';
  return (what === 'resume') === (state === 'suspended');
}

/** Shut out; what it was is kept. */
export const suspended = (client: Client): Client => ({ ...client, state: 'suspended', stateBefore: client.state });

/** What it was before. Of one of which nobody has kept that: as new, so that nothing is certified by the way. */
export const resumed = ({ stateBefore, ...client }: Client, house: { readonly emulator: boolean }): Client => ({
  ...client,
  state: stateBefore ?? (house.emulator ? 'sandbox' : 'draft'),
});

export type UriFault = { readonly fault: 'none' | 'too-many' | 'twice' | 'not-acceptable'; readonly uri?: string };

/** https, exact, no wildcard, user or fragment, ten at most. */
export const MOST_URIS = 10;

/** What speaks against these addresses. */
export function uriFaults(
  { redirectUris, postLogoutRedirectUris }: Pick<Client, 'redirectUris' | 'postLogoutRedirectUris'>,
  house: { readonly emulator: boolean },
): readonly UriFault[] {
  const lists = [redirectUris, postLogoutRedirectUris];
  return [
    ...(redirectUris.length === 0 ? [{ fault: 'none' as const }] : []),
    ...(lists.some((uris) => uris.length > MOST_URIS) ? [{ fault: 'too-many' as const }] : []),
    ...lists.flatMap((uris) =>
      uris.filter((uri, at) => uris.indexOf(uri) !== at).map((uri) => ({ fault: 'twice' as const, uri })),
    ),
    ...lists
      .flat()
      .filter((uri) => !acceptableUri(uri, house))
      .map((uri) => ({ fault: 'not-acceptable' as const, uri })),
  ];
}

/** The old secret is good so long beside the new one; milliseconds. */
export const OVERLAP = 30 * 86_400_000;

/** Those that are good now, the newest first. */
export const goodSecrets = (secrets: readonly ClientSecret[], now: number): readonly ClientSecret[] =>
  secrets.filter(({ until }) => until === undefined || until > now);

/** Which of two that are good a third one takes the place of. */
export const REPLACED = ['newest', 'oldest'] as const;
export type Replaced = (typeof REPLACED)[number];

/**
 * A new secret beside one that was: two at once, never three, and an end that is only moved forward. `instead`: of two,
 * the one that is over at once; the site may be using either of them, so who asks has to know.
 */
export function rotated(
  secrets: readonly ClientSecret[],
  { hash, now, instead }: { readonly hash: string; readonly now: number; readonly instead: Replaced },
): readonly ClientSecret[] {
  const good = goodSecrets(secrets, now);
  const before = instead === 'newest' && good.length > 1 ? good[1] : good[0];
  const until = Math.min(before?.until ?? Number.MAX_SAFE_INTEGER, now + OVERLAP);
  return [{ hash }, ...(before ? [{ hash: before.hash, until }] : [])];
}
