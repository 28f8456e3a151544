import Koa, { type Context, type Middleware } from 'koa';
import mount from 'koa-mount';
import type Provider from 'oidc-provider';
import type { Config } from './config.ts';
import { decide } from './oidc/ciba.ts';
import { countTokens } from './oidc/count-tokens.ts';
import { siteDoctor } from './oidc/doctor.ts';
import { cookieKeys } from './oidc/cookie-keys.ts';
import { createProvider } from './oidc/provider.ts';
import { jwksMaxAge } from './domain/signing-key.ts';
import { endSession, retryBackchannel } from './oidc/end-session.ts';
import { errandsDone } from './oidc/errands.ts';
import { faultsOnDemand } from './oidc/faults-on-demand.ts';
import type { Prepared } from './oidc/keys.ts';
import { noteReaders } from './oidc/key-readers.ts';
import { sessionLinks } from './oidc/links.ts';
import { renewable, type Renewable } from './oidc/renewal.ts';
import { soundRequestObjects } from './oidc/request-object.ts';
import { requestByReference } from './oidc/request-uri.ts';
import { judgeAccess } from './oidc/resource.ts';
import { sessionRows } from './oidc/sessions.ts';
import {
  anyUserinfoBody,
  cacheableKeys,
  emptyStates,
  faultsComeOut,
  fourFieldsAnswer,
  insertedMetadata,
} from './oidc/wire.ts';
import type { Parts } from './parts.ts';
import { accountDoor, sessionTools } from './web/account/setup.ts';
import { callDoors } from './web/call/doors.ts';
import { consoleRoutes } from './web/console-routes.ts';
import { configOfConsole, staffDoor } from './web/console/setup.ts';
import { healthProbes } from './web/health.ts';
import { loadAssets } from './web/kit/assets.ts';
import { clientCertificates } from './web/kit/client-certificate.ts';
import { frameOf } from './web/kit/frame.ts';
import { unfinished } from './web/kit/hung-up.ts';
import { inProcess } from './web/kit/in-process.ts';
import { letGo } from './web/kit/let-go.ts';
import { faults } from './web/kit/message.ts';
import { fixOrigin, knownHosts } from './web/kit/origin.ts';
import { strangersLast } from './web/kit/pressure.ts';
import { requestLine } from './web/kit/request.ts';
import { router, type Tools } from './web/kit/router.ts';
import { guessedSecrets } from './web/guessed-secrets.ts';
import { oidcPages } from './web/oidc-pages.ts';
import { protocolMethods } from './web/protocol-methods.ts';
import { routes } from './web/routes.ts';
import { logOutForms, serverForms, strayCalls } from './web/server-calls.ts';
import { staleReply } from './web/way-back.ts';

/** `op` is for the jobs that speak for the provider, and for who tells it of other keys. */
export type App = {
  readonly koa: Koa;
  /** For staff: another listener, another host, and nothing in common but the parts. */
  readonly console: Koa;
  readonly op: Renewable;
  /** Sockets of video calls, of each listener. */
  readonly calls: ReturnType<typeof callDoors>;
};

/** The table and the files have no path of the provider's, and take long to find that out. */
const ownPages =
  <State, More>(what: Middleware<State, More>): Middleware<State, More> =>
  (ctx, next) =>
    PROVIDERS.test(ctx.path) ? next() : (what(ctx, next) as Promise<void>);
const PROVIDERS = /^\/openid\//;

/** Below the issuer's path; the provider's own routes begin there. */
const mountAt = (what: Middleware | Provider): Middleware => mount('/openid', what);

export function createApp(config: Config, parts: Parts, { keys, pairwiseKey }: Prepared): App {
  const assets = loadAssets();
  const pages = oidcPages({ config, parts, assets });
  const doctor = siteDoctor(parts, config);
  let mounted: Middleware;
  const op = renewable({
    ...parts,
    keys,
    install: (published) => {
      const provider: Provider = createProvider(config, { ...parts, keys: published, pairwiseKey, pages });
      retryBackchannel(provider, parts);
      countTokens(provider, parts);
      doctor.follow(provider);
      provider.on('server_error', (ctx, error) => {
        ctx.state['fault'] = error;
      });
      mounted = mountAt(provider);
      return provider;
    },
  });

  // Mounted, the provider signs its cookies with the outer application's keys: they must be the same.
  const app = new Koa();
  app.keys = cookieKeys(parts.vault.signing('cookies'));
  app.on('error', unfinished(parts, 'public'));
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
      cookieless: ctx.get('cookie') === '',
    });
  };
  const fetch = inProcess((req, res) => void app.callback()(req, res));
  const links = sessionLinks(op.provider);
  const tools = {
    config,
    parts,
    assets,
    links,
    account: accountDoor({ config, parts, links, fetch }),
    staff: staffDoor({ config, parts, fetch }),
    stale,
    provider: op.provider,
    refreshKeys: op.refresh,
    endSession: async (ctx: Context) => {
      const isEnded = await endSession(ctx, op.provider(), parts);
      if (!isEnded) doctor.noteUnopened(ctx);
      return isEnded;
    },
    protocol: (ctx: Context) => ({
      decide: (request: Parameters<typeof decide>[2]) => decide(op.provider(), parts, request),
      access: (url: string) => judgeAccess(ctx, op.provider(), url),
    }),
  };
  const table = router(routes, tools);

  app.use(letGo);
  app.use(requestLine(config, parts, 'public'));
  app.use(strangersLast({ config, assets, parts }));
  app.use(faults({ config, assets, parts }));
  app.use(healthProbes(parts));
  app.use(clientCertificates(config));
  app.use(insertedMetadata);
  app.use(knownHosts(config));
  app.use(ownPages(assets.serve));
  app.use(ownPages(table.routes));
  app.use(ownPages(table.methodRefused));
  app.use(errandsDone);
  app.use(sessionRows(parts, sessionTools(parts)));
  app.use(pages.shells);
  app.use(emptyStates);
  app.use(faultsComeOut);
  app.use(logOutForms);
  app.use(serverForms(parts));
  app.use(strayCalls(doctor.noteStray));
  app.use(protocolMethods(config));
  app.use(guessedSecrets(parts));
  app.use(soundRequestObjects);
  if (config.conformance) app.use(requestByReference(op.provider, parts));
  app.use(anyUserinfoBody);
  app.use(cacheableKeys(() => jwksMaxAge(op.keys(), parts.clock())));
  app.use(fourFieldsAnswer);
  if (config.emulator) app.use(doctor.watchUserinfo);
  const { siteFault } = parts;
  if (config.emulator && siteFault) app.use(faultsOnDemand(op, { ...parts, siteFault }));
  app.use(noteReaders(parts));
  app.use((ctx, next) => mounted(ctx, next) as Promise<void>);
  const staffApp = consoleApp(tools);
  const calls = callDoors(
    { config, parts, koa: app },
    { config: configOfConsole(config), parts, koa: staffApp, guard: tools.staff },
  );
  return { koa: app, console: staffApp, op, calls };
}

function consoleApp(tools: Tools): Koa {
  const { assets, parts } = tools;
  const config = configOfConsole(tools.config);
  const app = new Koa();
  app.keys = cookieKeys(parts.vault.signing('cookies'));
  app.on('error', unfinished(parts, 'console'));
  fixOrigin(app, config);
  const table = router(consoleRoutes, { ...tools, config });
  app.use(requestLine(config, parts, 'console'));
  app.use(async (ctx, next) => {
    ctx.state['place'] = 'console';
    await next();
  });
  app.use(faults({ config, assets, parts }));
  app.use(healthProbes(parts));
  app.use(knownHosts(config));
  app.use(assets.serve);
  app.use(table.routes);
  app.use(table.methodRefused);
  return app;
}
