import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { Parts } from '../parts.ts';

type Needs = Pick<Parts, 'audit' | 'sessions' | 'clock'>;

const note = z.object({ shared: z.boolean(), network: z.string() });

/**
 * Around the provider: a login that has just become a session gets its row in Postgres, and a session that was logged
 * out gets its end. A session without a row is not found, so nothing stands between the two that could be used.
 */
export function sessionRows({ audit, sessions, clock }: Needs): Middleware {
  return async (ctx: Context, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    const session = oidc?.session;
    const accountId = session?.accountId;
    if (!oidc || !session || accountId === undefined) return;
    if (oidc.route === 'resume' && oidc.result?.login) {
      const { shared, network } = note.parse(oidc.result['claveunica']);
      await sessions.begin({ uid: session.uid, accountId, at: clock(), network, shared });
    }
    if (oidc.route === 'end_session_confirm' && 'destroyed' in session && session.destroyed === true) {
      await sessions.end(session.uid, clock());
      await audit.add({ kind: 'session-ended', at: clock(), accountId, requestId: String(ctx.state['requestId']) });
      ctx.set('clear-site-data', '"cache", "storage"');
    }
  };
}
