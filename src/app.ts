import Koa, { type Context } from 'koa';
import mount from 'koa-mount';
import type Provider from 'oidc-provider';
import type { Config } from './config.ts';
import { createProvider } from './oidc/provider.ts';
import { endSession, retryBackchannel } from './oidc/end-session.ts';
import { sessionLinks } from './oidc/links.ts';
import { sessionRows } from './oidc/sessions.ts';
import { anyUserinfoBody, cacheableKeys, faultsComeOut, fourFieldsAnswer } from './oidc/wire.ts';
import type { Parts } from './parts.ts';
import type { PrivateJwk } from './stores/signing-keys.ts';
import { accountDoor, sessionTools } from './web/account/setup.ts';
import { healthProbes } from './web/health.ts';
import { loadAssets } from './web/kit/assets.ts';
import { frameOf } from './web/kit/frame.ts';
import { inProcess } from './web/kit/in-process.ts';
import { faults } from './web/kit/message.ts';
import { fixOrigin, knownHosts } from './web/kit/origin.ts';
import { requestLine } from './web/kit/request.ts';
import { methodRefused, router } from './web/kit/router.ts';
import { oidcPages } from './web/oidc-pages.ts';
import { routes } from './web/routes.ts';
import { logOutForms, serverForms } from './web/server-calls.ts';
import { staleReply } from './web/way-back.ts';

/** What must be read before the first request. */
export type Prepared = { readonly keys: readonly PrivateJwk[]; readonly pairwiseKey: string };

/** `provider` is for the jobs that speak for it. */
export type App = { readonly koa: Koa; readonly provider: Provider };

export function createApp(config: Config, parts: Parts, { keys, pairwiseKey }: Prepared): App {
  const assets = loadAssets();
  const pages = oidcPages({ config, parts, assets });
  const provider: Provider = createProvider(config, { ...parts, keys, pairwiseKey, pages });
  retryBackchannel(provider, parts);
  provider.on('server_error', (ctx, error) => {
    ctx.state['fault'] = error;
  });

  // Mounted, the provider signs its cookies with the outer application's keys: they must be the same.
  const app = new Koa({ keys: [...parts.vault.signing('cookies')] });
  app.on('error', (err: unknown) => parts.log.error({ err }, 'fault in an answer'));
  fixOrigin(app, config);

  const stale = (ctx: Context, uid: string) => {
    const { rp } = ctx.query;
    const clientId = typeof rp === 'string' ? rp : undefined;
    return staleReply(parts, {
      config,
      uid,
      clientId,
      frame: frameOf(ctx, config, assets),
      helpCode: String(ctx.state['helpCode']),
    });
  };
  const account = accountDoor({
    config,
    parts,
    links: sessionLinks(() => provider),
    fetch: inProcess((req, res) => void app.callback()(req, res)),
  });
  const table = router(routes, {
    config,
    parts,
    assets,
    account,
    stale,
    provider: () => provider,
    endSession: (ctx) => endSession(ctx, provider, parts),
  });

  app.use(requestLine(config, parts));
  app.use(faults({ config, assets, parts }));
  app.use(healthProbes(parts));
  app.use(knownHosts(config));
  app.use(assets.serve);
  app.use(table.routes());
  app.use(methodRefused(table));
  app.use(sessionRows(parts, sessionTools(parts)));
  app.use(pages.shells);
  app.use(faultsComeOut);
  app.use(logOutForms);
  app.use(serverForms(parts));
  app.use(mount('/openid', anyUserinfoBody));
  app.use(mount('/openid', cacheableKeys));
  app.use(fourFieldsAnswer);
  app.use(mount('/openid', provider));
  return { koa: app, provider };
}
