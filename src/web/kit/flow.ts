import type { Context } from 'koa';
import type { Config } from '../../config.ts';
import type { JourneyKind } from '../../domain/journey.ts';
import type { Parts } from '../../parts.ts';
import { deviceNameOf, deviceOf } from './device.ts';
import type { FlowVisit, Visit } from './row.ts';

type Tools = { readonly config: Config; readonly parts: Parts };

const GIVEN = 'codigo';
const PLACE = 'cookies.codigo';

type JourneyCookies = Pick<FlowVisit, 'journey' | 'keepJourney'>;

const nameOf = (what: string, secure: boolean) => `${secure ? '__Host-' : ''}cu_${what}`;
const attributesOf = (secure: boolean) => ({ httpOnly: true, sameSite: 'lax', secure, path: '/' }) as const;

/** They end with the browser. */
export function journeyCookies(ctx: Context, { secure }: Config): JourneyCookies {
  const set = (kind: JourneyKind, id: string) =>
    void ctx.cookies.set(nameOf(kind, secure), id, { ...attributesOf(secure), signed: false });
  return {
    journey: (kind) => ctx.cookies.get(nameOf(kind, secure), { signed: false }),
    keepJourney: set,
  };
}

/**
 * The browser in a flow of ours: its journeys by cookies that end with the browser, and the code of a link, which has
 * left the address and is sealed in a cookie of its own until it is used.
 */
export function flowVisit(ctx: Context, { config, parts }: Tools): Omit<FlowVisit, keyof Visit> {
  const { secure } = config;
  return {
    device: deviceOf(ctx, parts, config),
    deviceName: deviceNameOf(ctx.get('user-agent')),
    ...journeyCookies(ctx, config),
    given: () => {
      const value = ctx.cookies.get(nameOf(GIVEN, secure), { signed: true });
      return value === undefined ? undefined : open(parts, value);
    },
    keepGiven: (code) => {
      const sealed = code === undefined ? null : parts.vault.seal(code, PLACE).toString('base64url');
      ctx.cookies.set(nameOf(GIVEN, secure), sealed, { ...attributesOf(secure), signed: true });
    },
  };
}

/** Sealed by a key that is gone: the code is typed by hand. */
function open({ vault }: Pick<Parts, 'vault'>, value: string): string | undefined {
  try {
    return vault.open(Buffer.from(value, 'base64url'), PLACE);
  } catch {
    return undefined;
  }
}
