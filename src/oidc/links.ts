import type Provider from 'oidc-provider';
import type { Link, Links } from '../domain/account-session.ts';

/** What hangs on a grant and ends with it. */
const MODELS = ['AccessToken', 'AuthorizationCode', 'RefreshToken'] as const;

/** The sites that hang on a session, as the library keeps them. */
export function sessionLinks(provider: () => Provider): Links {
  return {
    async of(uid) {
      const session = uid === '' ? undefined : await provider().Session.findByUid(uid);
      const all = Object.entries(session?.authorizations ?? {});
      const links = await Promise.all(
        all.map(async ([clientId, { sid, grantId }]): Promise<Link | undefined> => {
          const grant = grantId === undefined ? undefined : await provider().Grant.find(grantId);
          if (grantId === undefined || !grant) return undefined;
          return { clientId, sid, grantId, scopes: grant.getOIDCScope().split(' ').filter(Boolean) };
        }),
      );
      return links.filter((link) => link !== undefined);
    },
    async cut({ grantId }) {
      await Promise.all(MODELS.map((model) => provider()[model].revokeByGrantId(grantId)));
      await (await provider().Grant.find(grantId))?.destroy();
    },
    async renew(uid, second) {
      const session = await provider().Session.findByUid(uid);
      if (!session) return false;
      session.loginTs = second;
      await session.persist();
      return true;
    },
  };
}
