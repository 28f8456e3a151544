import Provider, { type KoaContextWithOIDC } from 'oidc-provider';
import type { Parts } from '../parts.ts';
import type { Owned, Sessions } from '../stores/sessions.ts';

type Needs = Pick<Parts, 'accounts' | 'sessions'>;

/** Kept with the request itself. */
const ASKED = Symbol('asked');
type Asked = Map<string, Promise<Owned | undefined>>;
const ofRequest = (request: Pick<KoaContextWithOIDC, 'oidc'> & { [ASKED]?: Asked | undefined }): Asked =>
  (request[ASKED] ??= new Map<string, Promise<Owned | undefined>>());

/**
 * Within one request of the protocol a session that stands, and whose it is, are looked up once; the library asks two
 * or three times. Nothing outlives the request, so a revocation is felt by the next one.
 */
export function onceARequest({ accounts, sessions }: Needs): Needs {
  const known = (): Asked => {
    const { ctx } = Provider;
    const none: Asked = new Map();
    return ctx ? ofRequest(ctx) : none;
  };
  const owned: Sessions['owned'] = (accountId, uid) => {
    const [name, asked] = [`${accountId} ${uid}`, known()];
    const answer = asked.get(name) ?? sessions.owned(accountId, uid);
    asked.set(name, answer);
    return answer;
  };
  return {
    accounts: {
      ...accounts,
      async byId(id) {
        const all = await Promise.all(known().values());
        return all.find((each) => each?.account.id === id)?.account ?? accounts.byId(id);
      },
    },
    sessions: { ...sessions, owned, standing: async (accountId, uid) => (await owned(accountId, uid))?.standing },
  };
}
