import { errors, type default as Provider, type Configuration } from 'oidc-provider';
import { acr } from '../domain/account.ts';
import { parseRun } from '../domain/run.ts';
import type { Parts } from '../parts.ts';

type Features = NonNullable<Configuration['features']>;

/** OpenID Client-Initiated Backchannel Authentication: a RUN is the hint, a page of the emulator the telephone. */
export const cibaFeature = (
  { accounts }: Pick<Parts, 'accounts'>,
  enabled: boolean,
): NonNullable<Features['ciba']> => ({
  enabled,
  deliveryModes: ['poll', 'ping'],
  processLoginHint: async (_ctx, hint) => {
    const run = parseRun(hint ?? '');
    return run && (await accounts.forLogin(run))?.account.id;
  },
  processLoginHintToken: async () => {
    throw new errors.InvalidRequest('login_hint_token is not supported');
  },
  // FAPI-CIBA §5.2.2: short, and plain enough for any screen.
  validateBindingMessage: async (_ctx, message) => {
    if (message !== undefined && !/^[\w.+/!?#-]{1,20}$/.test(message))
      throw new errors.InvalidBindingMessage('the binding_message is 20 plain characters at most');
  },
  validateRequestContext: async () => undefined,
  verifyUserCode: async (_ctx, _account, code) => {
    if (code !== undefined) throw new errors.InvalidRequest('user_code is not supported');
  },
  triggerAuthenticationDevice: async () => undefined,
});

export type Decided = 'decided' | 'unknown';

/** What the person would do on her telephone. Whoever knows the request's id decides it: never in production. */
export async function decide(
  provider: Provider,
  { accounts, clock, log }: Pick<Parts, 'accounts' | 'clock' | 'log'>,
  { id, allow }: { readonly id: string; readonly allow: boolean },
): Promise<Decided> {
  const request = await provider.BackchannelAuthenticationRequest.find(id);
  const account = request?.accountId === undefined ? undefined : await accounts.byId(request.accountId);
  // What is over is kept for a while, so that the site is told so.
  if (!request?.isValid || !account) return 'unknown';
  // What was decided is written before the site is told of it (ping): who can't hear asks.
  const unheard = (err: unknown) => log.warn({ err, clientId: request.clientId }, 'a site could not be told');
  if (!allow) {
    await provider.backchannelResult(request, new errors.AccessDenied('the person said no')).catch(unheard);
    return 'decided';
  }
  const grant = new provider.Grant({ accountId: account.id, clientId: request.clientId });
  grant.addOIDCScope(request.scope ?? 'openid');
  await grant.save();
  const how = { acr: acr(account.identified, '1f'), amr: ['pwd'], authTime: Math.floor(clock() / 1000) };
  await provider.backchannelResult(request, grant, how).catch(unheard);
  return 'decided';
}
