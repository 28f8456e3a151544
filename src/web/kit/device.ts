import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { DEVICE_KNOWN } from '../../domain/lifetimes.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';

const nameOf = ({ secure }: Config) => (secure ? '__Host-device' : 'op-device');
/** Behind the device's number: somebody has signed in here before. */
const KNOWN = '.1';

/** Which browser this is, and nothing else: not who, not that anybody is signed in. Survives logout. */
export function deviceOf(ctx: Context, parts: Pick<Parts, 'chance'>, config: Config): string {
  const kept = ctx.cookies.get(nameOf(config), { signed: true }) ?? parts.chance(16);
  keep(ctx, kept, config);
  return numberOf(kept);
}

/** The device's number, when somebody has signed in there before; asks no store. */
export function knownDeviceOf(ctx: Context, config: Config): string | undefined {
  // Most of a flood says nothing of the kind: no signature to look at.
  const said = ctx.cookies.get(nameOf(config), { signed: false });
  if (!said?.endsWith(KNOWN)) return undefined;
  const kept = ctx.cookies.get(nameOf(config), { signed: true });
  return kept === undefined ? undefined : numberOf(kept);
}

/** From now on this browser comes first when there is too much to do. */
export const markKnown = (ctx: Context, device: string, config: Config): void => keep(ctx, device + KNOWN, config);

const numberOf = (kept: string) => (kept.endsWith(KNOWN) ? kept.slice(0, -KNOWN.length) : kept);

function keep(ctx: Context, value: string, config: Config): void {
  const { secure } = config;
  const kept = { maxAge: DEVICE_KNOWN * 1000, overwrite: true };
  ctx.cookies.set(nameOf(config), value, { signed: true, httpOnly: true, sameSite: 'lax', secure, ...kept });
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
