import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { MOST_SESSIONS } from '../domain/account-session.ts';
import type { Parts } from '../parts.ts';
import type { NewSession, SessionRow } from '../stores/sessions.ts';

type Needs = Pick<Parts, 'audit' | 'sessions' | 'clock'>;
/** What the web knows of a browser, and what happens to sessions that one more has ended. */
type Tools = {
  readonly browserOf: (ctx: Context) => { readonly device: string; readonly agent: string };
  readonly tooMany: (ended: readonly SessionRow[], by: Pick<NewSession, 'at' | 'device' | 'network'>) => Promise<void>;
};

const note = z.object({ shared: z.boolean() });

/**
 * Around the provider: a login that has just become a session gets its row in Postgres, and a session that was logged
 * out gets its end. A session without a row is not found, so nothing stands between the two that could be used. Each
 * code for a site is recorded before it leaves, also when nobody was asked.
 */
export function sessionRows({ audit, sessions, clock }: Needs, { browserOf, tooMany }: Tools): Middleware {
  return async (ctx: Context, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    const session = oidc?.session;
    const accountId = session?.accountId;
    if (!oidc || !session || accountId === undefined) return;
    const { uid } = session;
    const at = clock();
    const trail = { at, accountId, requestId: String(ctx.state['requestId']), network: String(ctx.state['network']) };
    const resumed = oidc.route === 'resume' || oidc.route === 'device_resume';
    const asked = resumed && oidc.result?.login !== undefined ? oidc.result['claveunica'] : undefined;
    const { device } = browserOf(ctx);
    const entered = oidc.entities.AuthorizationCode && (oidc.route === 'authorization' || oidc.route === 'resume');
    const { acr = '', amr = [] } = session;
    const how = { acr, amr: amr.join(' '), asked: asked !== undefined, device, session: sessions.refOf(uid) };
    const access = { kind: 'access-granted', ...trail, clientId: oidc.client?.clientId, details: how } as const;
    if (asked !== undefined) {
      const { shared } = note.parse(asked);
      const row = { uid, accountId, at, shared, network: trail.network, ...browserOf(ctx) };
      const ended = await sessions.begin(row, MOST_SESSIONS, entered ? access : undefined);
      if (ended.length > 0) await tooMany(ended, row);
    } else if (entered) await audit.add(access);
    if (oidc.route === 'end_session_confirm' && 'destroyed' in session && session.destroyed === true) {
      await sessions.end(uid, at);
      await audit.add({ kind: 'session-ended', ...trail });
      ctx.set('clear-site-data', '"cache", "storage"');
    }
  };
}
