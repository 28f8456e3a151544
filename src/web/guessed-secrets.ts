import createError from 'http-errors';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';
import type { Parts } from '../parts.ts';
import { turnedAway } from './kit/metered.ts';

/** Wrong secrets that are looked at in a minute, of one site from one address. */
const LOOKED_AT = 20;
const MINUTE = 60_000;
/** So many sites and addresses are remembered; whoever fills it up has another twenty for his fifty thousand. */
const MOST = 50_000;

const refusal = z.object({ error: z.literal('invalid_client') });

type Needs = Pick<Parts, 'audit' | 'clients' | 'clock' | 'meters'>;

/**
 * Wrong secrets are counted by site and address; past twenty in a minute the rest of it is closed, for the right one too
 * . From where the site itself calls nothing changes. In the process alone: whoever tries a thousand at once must
 * not keep the stores busy with it.
 */
export function guessedSecrets(parts: Needs): Middleware {
  const { audit, clients, clock } = parts;
  let minute = 0;
  const wrong = new Map<string, number>();
  const soFar = (name: string): number => {
    const now = Math.floor(clock() / MINUTE);
    if (now !== minute || wrong.size >= MOST) wrong.clear();
    minute = now;
    return wrong.get(name) ?? 0;
  };
  const record = async (ctx: Context, id: string) => {
    const trail = { at: clock(), requestId: String(ctx.state['requestId']), network: String(ctx.state['network']) };
    // Of nobody's id nothing is written down: it may be anything.
    if (await clients.byId(id)) await audit.add({ kind: 'client-throttled', ...trail, clientId: id });
  };
  return (ctx: Context, next) => {
    const id: unknown = ctx.state['proving'];
    if (typeof id !== 'string') return next();
    const name = `${id.slice(0, 200)} ${String(ctx.state['source'])}`;
    if (soFar(name) >= LOOKED_AT) {
      turnedAway(parts, 'limit');
      throw createError(429);
    }
    const watched = async () => {
      await next();
      if (ctx.status !== 401 || !refusal.safeParse(ctx.body).success) return;
      const count = soFar(name) + 1;
      wrong.set(name, count);
      if (count === LOOKED_AT) await record(ctx, id);
    };
    return watched();
  };
}
