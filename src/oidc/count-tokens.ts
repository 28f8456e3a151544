import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { GRANTS, type LabelsOf } from '../domain/metric.ts';
import type { Parts } from '../parts.ts';

/** Counts what the token endpoint said, by the grant that was asked for. */
export function countTokens(provider: Provider, { meters }: Pick<Parts, 'meters'>): void {
  type Outcome = LabelsOf<'claveunica_token_requests_total'>['outcome'];
  const count =
    (outcome: Outcome) =>
    ({ oidc }: KoaContextWithOIDC) => {
      const asked = oidc.params?.['grant_type'];
      const grant = GRANTS.find((name) => name === asked) ?? 'other';
      meters.count('claveunica_token_requests_total', { grant, outcome }).add();
    };
  provider.on('grant.success', count('issued'));
  provider.on('grant.error', count('refused'));
}
