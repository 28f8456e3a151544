import { CONSOLE_IDLE_MS } from '../../domain/console-session.ts';
import { consoleSite } from '../../flows/own-client.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import type { InProcessFetch } from '../kit/in-process.ts';
import type { StaffGuard } from '../kit/staff-row.ts';
import { createOwnSite } from '../own-site.ts';
import { staffGuard } from './guard.ts';

type Tools = { readonly config: Config; readonly parts: Parts; readonly fetch: InProcessFetch };

/** A passkey whose holder was verified, or an error: never less. */
const PASSKEY = JSON.stringify({ id_token: { acr: { essential: true, value: 'urn:claveunica:video:2fr' } } });

/** Who was away so long shows it again: what remembers citizens for longer lets nobody in here. Seconds. */
const SHOWN_WITHIN = String(CONSOLE_IDLE_MS / 1000);

/** As the console's own application sees it: its origin is that of its own host. */
export const configOfConsole = (config: Config): Config => ({
  ...config,
  origin: config.consoleOrigin,
  secure: config.consoleOrigin.startsWith('https:'),
  hostAliases: [],
});

/** Who stands at the door of the console, with all that she needs. */
export function staffDoor({ config, parts, fetch }: Tools): StaffGuard {
  const site = consoleSite(config.consoleOrigin);
  const client = createOwnSite({ config, parts, fetch, site, always: { claims: PASSKEY, max_age: SHOWN_WITHIN } });
  return staffGuard({ config: configOfConsole(config), parts, client });
}
