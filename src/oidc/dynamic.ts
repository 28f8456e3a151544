import Provider, { type Configuration } from 'oidc-provider';
import type { Parts } from '../parts.ts';
import { OWN, ownRegistered } from './client.ts';
import type { offerOf } from './offer.ts';
import { ALL_SCOPES, judgeAddresses } from './registered.ts';

type Features = NonNullable<Configuration['features']>;
type Offer = Pick<ReturnType<typeof offerOf>, 'registration' | 'openRegistration'>;

const isRegistering = () => /^(registration|client_update)$/.test(Provider.ctx?.oidc.route ?? '');

/**
 * Clients that register themselves (RFC 7591, RFC 7592): in the sandbox with a token that the operator gives away, in the
 * conformance mode anybody. What is ours of a client they cannot say.
 */
export function dynamicRegistration({ registration, openRegistration }: Offer, { chance }: Pick<Parts, 'chance'>) {
  return {
    extraClientMetadata: {
      properties: [OWN, ...(openRegistration ? ['request_uris'] : [])],
      validator: (_ctx, name, ...[, metadata]) => {
        if (name !== OWN || !isRegistering()) return;
        judgeAddresses(metadata);
        Object.assign(metadata, { [OWN]: ownRegistered({ scopes: ALL_SCOPES }) });
      },
    },
    registration: {
      enabled: registration,
      initialAccessToken: registration && !openRegistration,
      idFactory: () => `cu-reg-${chance(12)}`,
      secretFactory: async () => chance(32),
    } satisfies Features['registration'],
    registrationManagement: { enabled: registration, rotateRegistrationAccessToken: false },
    // Institutions have a sector that was drawn; a document is read when somebody registers, and not again.
    sectorIdentifierUriValidate: isRegistering,
  } satisfies Pick<Configuration, 'extraClientMetadata' | 'sectorIdentifierUriValidate'> &
    Pick<Features, 'registration' | 'registrationManagement'>;
}
