import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { DEVICE_KNOWN } from '../../domain/lifetimes.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';

/** Which browser this is, and nothing else: not who, not that anybody is signed in. Survives logout. */
export function deviceOf(ctx: Context, parts: Pick<Parts, 'chance'>, { secure }: Config): string {
  const name = secure ? '__Host-device' : 'op-device';
  const device = ctx.cookies.get(name, { signed: true }) ?? parts.chance(16);
  ctx.cookies.set(name, device, { signed: true, httpOnly: true, sameSite: 'lax', secure, maxAge: DEVICE_KNOWN * 1000 });
  return device;
}

const BROWSERS = [
  ['Edg/', 'Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'Mac'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/** What a person recognises: `Chrome, Android`. Only words of our own ever come out. */
export function deviceNameOf(userAgent: string): string {
  const named = (table: readonly (readonly [string, string])[]) =>
    table.find(([mark]) => userAgent.includes(mark))?.[1];
  return [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(', ');
}

/** The browser's own words, hashed: enough to see that another one speaks. */
export const agentOf = (userAgent: string): string =>
  createHash('sha256').update(`agent ${userAgent}`).digest('base64url').slice(0, 22);
