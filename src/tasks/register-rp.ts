import type { Config } from '../config.ts';
import { createClient } from '../flows/create-client.ts';
import type { Parts } from '../parts.ts';
import { Failure } from './commands/command.ts';

/** `npm start -- --rp URI`: a client of the emulator, as the five lines that an RP's settings want. */
export async function registerRp(config: Config, parts: Parts, redirectUri: string): Promise<string> {
  const wish = { name: 'Sitio de desarrollo', profile: 'oidc', state: 'sandbox', redirectUris: [redirectUri] } as const;
  const outcome = await createClient(parts, wish, config.emulator);
  if (outcome.kind === 'refused') throw new Failure(`--rp: ${outcome.faults.join('; ')}`);
  return [
    `OIDC_ISSUER=${config.origin}/openid`,
    `OIDC_CLIENT_ID=${outcome.client.id}`,
    `OIDC_CLIENT_SECRET=${outcome.secret}`,
    `OIDC_REDIRECT_URI=${redirectUri}`,
    `OIDC_SCOPE=${outcome.client.scopes.join(' ')}`,
  ].join('\n');
}
