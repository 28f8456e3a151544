import { createHash } from 'node:crypto';
import type { Configuration } from 'oidc-provider';
import { grantedScopes } from '../domain/client.ts';
import { ownOf } from './client.ts';

type Load = NonNullable<Configuration['loadExistingGrant']>;

/**
 * The law is the legal basis, not a click: a state website gets what it is registered for, and the rest is dropped
 * (decision 17). `prompt=consent` still asks, since the RP wants to hear it. `claims`: which scope opens which.
 */
export const grantWithoutClick =
  (claimsOfScopes: Readonly<Record<string, readonly string[]>>): Load =>
  async ({ oidc }) => {
    const { client, session, provider } = oidc;
    if (!client || !session?.accountId) return undefined;
    const id = session.grantIdFor(client.clientId);
    const known = id === undefined ? undefined : await provider.Grant.find(id);
    const before = known?.accountId === session.accountId ? known : undefined;
    const grant = before ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    // The session keeps one grant for each site: its tabs that come at the same moment must make the same one.
    if (id === undefined)
      grant.jti = createHash('sha256').update(`${session.jti} ${client.clientId}`).digest('base64url');

    const met = new Set(`${grant.getOIDCScope()} ${grant.getRejectedOIDCScope()}`.split(' '));
    const asked = [...oidc.requestParamOIDCScopes].filter((scope) => !met.has(scope));
    const claims = [...oidc.requestParamClaims].filter((claim) => !grant.getOIDCClaimsEncountered().includes(claim));
    const own = ownOf(client);
    const granted = grantedScopes(own, asked);
    const open = new Set(
      Object.entries(claimsOfScopes).flatMap(([scope, names]) => (own.scopes.includes(scope) ? names : [])),
    );
    if (granted.length > 0) grant.addOIDCScope(granted.join(' '));
    const rejected = asked.filter((scope) => !granted.includes(scope));
    if (rejected.length > 0) grant.rejectOIDCScope(rejected.join(' '));
    if (claims.length > 0) {
      grant.addOIDCClaims(claims.filter((claim) => open.has(claim)));
      grant.rejectOIDCClaims(claims.filter((claim) => !open.has(claim)));
    }
    if (!before || asked.length > 0 || claims.length > 0) await grant.save();
    return grant;
  };
