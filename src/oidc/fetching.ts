import type { Configuration } from 'oidc-provider';
import type { Config } from '../config.ts';

type Fetch = NonNullable<Configuration['fetch']>;

/**
 * What we fetch from sites, and send to them: never along a redirect; the library's own guard refuses addresses
 * inside and ends it after 2.5 s. On a laptop, and beside the suite, the sites are inside.
 */
export const guardedFetch =
  ({ emulator }: Pick<Config, 'emulator'>): Fetch =>
  (url, options = {}) => {
    const { dispatcher, ...rest } = options as RequestInit & { dispatcher?: unknown };
    const guarded: RequestInit = emulator ? rest : { ...rest, ...(dispatcher !== undefined && { dispatcher }) };
    return fetch(url, { ...guarded, redirect: 'manual' });
  };
