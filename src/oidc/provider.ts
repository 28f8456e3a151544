import Provider from 'oidc-provider';
import type { Config } from '../config.ts';
import { compareSecretsHere } from './client.ts';
import { createConfiguration, type Needs } from './configuration.ts';
import { offerOf } from './offer.ts';
import { onceARequest } from './once.ts';
import { noForeignOrigins, onlyWhatIsOffered, onlyWhatWorks, unprovenIsInvalidClient } from './wire.ts';

/** Mounted at `/openid`; its interactions are pages of ours, outside. */
export function createProvider(config: Config, needs: Needs): Provider {
  // The library falls back to a memory adapter and public development keys with no more than a warning.
  const missing = Object.entries({
    artifacts: needs.artifacts,
    keys: needs.keys.length > 0,
    pairwiseKey: needs.pairwiseKey,
  }).filter(([, value]) => !value);
  if (missing.length > 0) throw new Error(`oidc: ${missing.map(([name]) => name).join(', ')} required`);
  const provider = new Provider(
    `${config.origin}/openid`,
    createConfiguration(config, { ...needs, ...onceARequest(needs) }),
  );
  compareSecretsHere(provider, needs.vault, needs.clock);
  const offer = offerOf(config);
  onlyWhatIsOffered(provider, offer);
  provider.use(noForeignOrigins);
  provider.use(onlyWhatWorks(offer));
  provider.use(unprovenIsInvalidClient);
  return provider;
}
