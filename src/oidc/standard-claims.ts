import type { Account } from '../domain/account.ts';

/** OpenID Connect Core §5.4: what the suite expects of the scopes, in the conformance mode alone. */
export const STANDARD_CLAIMS = {
  profile: [
    ...['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture'],
    ...['website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'updated_at'],
  ],
  address: ['address'],
};

/** An invented person has an invented rest: every standard claim, each of its type (OpenID Connect Core §5.1). */
export function standardClaims({ person }: Pick<Account, 'person'>, origin: string): Readonly<Record<string, unknown>> {
  const [first = '', ...others] = person.names;
  const nickname = first.toLowerCase();
  return {
    middle_name: others.join(' ') || first,
    nickname,
    preferred_username: nickname,
    profile: `${origin}/emulador/personas#${encodeURIComponent(nickname)}`,
    picture: `${origin}/emulador/personas#retrato`,
    website: `${origin}/emulador`,
    gender: 'female',
    zoneinfo: 'America/Santiago',
    locale: 'es-CL',
    address: {
      formatted: 'Calle Los Boldos 123\nLos Robles\nChile',
      street_address: 'Calle Los Boldos 123',
      locality: 'Los Robles',
      region: 'Región de los Esteros',
      postal_code: '1234567',
      country: 'Chile',
    },
  };
}
