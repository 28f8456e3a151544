import { z } from 'zod';

/** A TCP port; 0 is allowed. */
export const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback);
export const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
/** Scheme and host, nothing more. */
export const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) origin' })
  .refine((value) => new URL(value).origin === value, 'must be an origin: no path, no trailing slash, no user');
/** The same host at another port. */
export function onPort(origin: string, port: number): string {
  const { protocol, hostname } = new URL(origin);
  return new URL(`${protocol}//${hostname}:${String(port)}`).origin;
}
/** Comma separated. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);

/** As a browser writes them into `Host`. */
export const hosts = list.pipe(
  z.array(
    z
      .string()
      .toLowerCase()
      .regex(/^[a-z\d-]+(\.[a-z\d-]+)*(:\d{1,5})?$/, 'host names, with a port if need be, without scheme or path'),
  ),
);
export const networks = list.pipe(
  z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'addresses or networks (CIDR)' })),
);
/** The mailbox of an address that is one. */
export function mailboxOf(contact: string | undefined): string | undefined {
  const { protocol, pathname = '' } = (contact !== undefined && URL.parse(contact)) || {};
  return protocol === 'mailto:' ? decodeURIComponent(pathname) : undefined;
}
/** As people read it. */
export const phone = z.string().min(3).max(40);

/** One URL, several of the nodes of a cluster, or sentinels that know a master by name. */
export const redisAddress = z.string().refine((value) => {
  const [, sentinels] = /^rediss?\+sentinel:\/\/(?:[^@/\s]*@)?([^@/?\s]+)\/[^/?\s]+(?:\?\S*)?$/.exec(value) ?? [];
  const places = sentinels?.split(',').map((place) => `redis://${place}`) ?? value.split(',');
  const urls = places.map((place) => URL.parse(place.trim()));
  return urls.every(
    (url) =>
      url !== null &&
      /^rediss?:$/.test(url.protocol) &&
      url.hostname !== '' &&
      // A cluster has one database, and one way to it.
      (urls.length === 1 || (/^\/?0?$/.test(url.pathname) && url.protocol === urls[0]?.protocol)),
  );
}, 'must be redis(s)://HOST:PORT, several of them for a cluster, or redis(s)+sentinel://HOST:PORT,HOST:PORT/NAME');

export type MasterKey = { readonly id: string; readonly key: Buffer };

/** No id twice. */
export const distinct = (keys: readonly MasterKey[]) => new Set(keys.map(({ id }) => id)).size === keys.length;
/** `ID:BASE64URL`, comma separated. */
export const masterKeys = list.pipe(
  z.array(
    z.string().transform((item, ctx): MasterKey => {
      const [, id, secret] = /^([\w-]{1,32}):([A-Za-z0-9+/_=-]+)$/.exec(item) ?? [];
      const key = Buffer.from(secret ?? '', 'base64url');
      if (id && key.length >= 32) return { id, key };
      ctx.addIssue({ code: 'custom', message: 'each key is ID:BASE64URL, of 32 random bytes at least' });
      return z.NEVER;
    }),
  ),
);
