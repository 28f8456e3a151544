import { createHash } from 'node:crypto';
import createError from 'http-errors';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { Parts } from '../parts.ts';
import { turnedAway } from './kit/metered.ts';

const LIMIT = '20 per minute per network';
const MINUTE = 60_000;
/** So many are remembered as closed; what is forgotten is looked at once more. */
const MOST = 10_000;

const refusal = z.object({ error: z.literal('invalid_client') });

type Needs = Pick<Parts, 'audit' | 'clients' | 'clock' | 'limits' | 'meters'>;

/**
 * Wrong secrets of a site are counted by site and address; past twenty in a minute the rest of it is closed, for the right
 * one too. From where the site itself calls nothing changes. Each process hears of it by its own next wrong one.
 */
export function guessedSecrets(parts: Needs): Middleware {
  const { audit, clients, clock, limits } = parts;
  const closed = new Map<string, number>();
  const close = async (ctx: Context, id: string, name: string) => {
    const now = clock();
    if (closed.size >= MOST) closed.clear();
    closed.set(name, (Math.floor(now / MINUTE) + 1) * MINUTE);
    const trail = { at: now, requestId: String(ctx.state['requestId']), network: String(ctx.state['network']) };
    if (await clients.byId(id)) await audit.add({ kind: 'client-throttled', ...trail, clientId: id });
  };
  return (ctx: Context, next) => {
    const id: unknown = ctx.state['proving'];
    if (typeof id !== 'string') return next();
    const source = String(ctx.state['source']);
    const name = `${id.slice(0, 200)} ${source}`;
    const watched = async () => {
      if ((closed.get(name) ?? 0) <= clock()) {
        await next();
        if (ctx.status !== 401 || !refusal.safeParse(ctx.body).success) return;
        // It may be of any length, and in any bytes.
        const row = `client ${createHash('sha256').update(id).digest('base64url')}`;
        if (await limits.take({ row, network: source, limit: LIMIT, now: clock() })) return;
        await close(ctx, id, name);
      }
      turnedAway(parts, 'limit');
      throw createError(429);
    };
    return watched();
  };
}
