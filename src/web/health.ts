import type { Context, Middleware } from 'koa';
import type { Parts } from '../parts.ts';
import { countedAs } from './kit/metered.ts';

/**
 * `/healthz`: the process lives. `/readyz`: it may receive traffic, and says which part is not there.
 * Before everything that could stand in the way: platforms call them by address and often.
 */
export const healthProbes =
  ({ health }: Pick<Parts, 'health'>): Middleware =>
  (ctx, next) =>
    ctx.path === '/healthz' || ctx.path === '/readyz' ? tell(ctx, health) : next();

async function tell(ctx: Context, health: Parts['health']): Promise<void> {
  countedAs(ctx, 'probe');
  ctx.set('cache-control', 'no-store');
  if (ctx.path === '/healthz') {
    ctx.body = { status: 'ok' };
    return;
  }
  const parts = await health();
  const good = Object.values(parts).every(Boolean);
  ctx.status = good ? 200 : 503;
  ctx.body = { status: good ? 'ready' : 'not-ready', parts };
}
