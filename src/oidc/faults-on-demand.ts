import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { isSite } from '../domain/account-session.ts';
import { OTHER_AUDIENCE } from '../domain/emulator-fault.ts';
import type { Parts } from '../parts.ts';
import type { Renewable } from './renewal.ts';

type Needs = Pick<Parts, 'log' | 'signer'> & { readonly siteFault: NonNullable<Parts['siteFault']> };
type Op = Pick<Renewable, 'provider' | 'keys'>;

/**
 * What a site must be able to meet at the token endpoint, made to happen (INTERFACE: `/emulador/fallas`). The emulator's
 * alone: elsewhere it is not even mounted. Our own pages are spared, so that one can go on working there.
 */
export const faultsOnDemand =
  (op: Op, { log, signer, siteFault }: Needs): Middleware =>
  (ctx, next) => {
    const asked = async () => {
      const { fault } = await siteFault.now();
      if (fault === 'expired-code' && (await expire(op, codeIn(ctx.req)))) log.warn({ fault }, 'a fault on demand');
      await next();
      if (fault === 'wrong-audience' && (await readdress(ctx, op, signer))) log.warn({ fault }, 'a fault on demand');
    };
    return ctx.method === 'POST' && /^\/openid\/token\/?$/.test(ctx.path) ? asked() : next();
  };

const form = z.object({ code: z.string() });

/** The form was read before (`serverForms`). */
const codeIn = (req: object): string => ('body' in req && form.safeParse(req.body).data?.code) || '';

/** A code that has expired is not found, and so is this one from now on. One that was used is refused anyway. */
async function expire({ provider }: Op, value: string): Promise<boolean> {
  const code = await provider().AuthorizationCode.find(value);
  if (!code?.isValid || !isSite(code.clientId ?? '')) return false;
  await code.destroy();
  return true;
}

const answer = z.looseObject({ id_token: z.string() });
const header = z.looseObject({ kid: z.string() });

/** One that is encrypted stays as it is: only its site could read it. */
async function readdress(ctx: Context, { keys }: Op, signer: Parts['signer']): Promise<boolean> {
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const told = answer.safeParse(ctx.body);
  if (ctx.status !== 200 || !told.success || !isSite(oidc?.client?.clientId ?? '')) return false;
  const [head = '', claims = ''] = told.data.id_token.split('.');
  const { kid } = header.parse(JSON.parse(textOf(head)));
  const key = keys().find(({ jwk }) => jwk.kid === kid);
  if (!key) return false;
  const other = JSON.stringify({ ...(JSON.parse(textOf(claims)) as object), aud: OTHER_AUDIENCE });
  const signed = `${head}.${Buffer.from(other).toString('base64url')}`;
  const signature = Buffer.from(await signer.sign(key.jwk, Buffer.from(signed))).toString('base64url');
  ctx.body = { ...(ctx.body as object), id_token: `${signed}.${signature}` };
  return true;
}

const textOf = (part: string): string => Buffer.from(part, 'base64url').toString();
