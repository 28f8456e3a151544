import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Parts } from '../parts.ts';

type Needs = Pick<Parts, 'afterwards' | 'clock' | 'keyReaders'>;

/** Once in so long is enough to know who keeps our keys for how long. */
const AGAIN_MS = 10 * 60_000;
const MOST = 10_000;

/** Notes who has read our keys, as far as that can be known; nobody waits for it. */
export function noteReaders({ afterwards, clock, keyReaders }: Needs): Middleware {
  const noted = new Map<string, number>();
  const remember = (key: string, at: number): boolean => {
    if (at - (noted.get(key) ?? -Infinity) < AGAIN_MS) return false;
    // Anybody may read keys under as many names as they like.
    if (noted.size >= MOST) noted.clear();
    noted.set(key, at);
    return true;
  };
  return async (ctx: Context, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (!oidc || ctx.status !== 200 || (oidc.route !== 'jwks' && oidc.route !== 'token')) return;
    const source = `${String(ctx.state['network'])} ${ctx.get('user-agent').slice(0, 200)}`;
    const at = clock();
    if (oidc.route === 'jwks') {
      if (remember(source, at)) afterwards(() => keyReaders.read(source, at));
      return;
    }
    const clientId = oidc.client?.clientId;
    if (clientId === undefined || !remember(`${clientId} ${source}`, at)) return;
    // Whoever is new here has usually read the keys just before.
    const readAt = noted.get(source);
    afterwards(() => keyReaders.used(clientId, source, { usedAt: at, readAt }));
  };
}
