import { fullName, type Account } from './account.ts';
import type { Profile } from './client.ts';

/** Which scope opens which claims (CONTRACT.md, userinfo). */
export const CLAIMS = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'at_hash'],
  run: ['RolUnico'],
  name: ['name'],
  profile: ['name', 'given_name', 'family_name', 'birthdate', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
};

type Claims = Record<string, unknown>;

/**
 * All that one profile may ever say of a person; the granted scopes then choose from it. Claims that are not known
 * are absent, never empty. `RolUnico.numero` is an integer, `DV` a string that may be `K`.
 */
export function claimsOf(profile: Profile, { person, updatedAt }: Pick<Account, 'person' | 'updatedAt'>): Claims {
  const [digits = '', dv = ''] = person.run.split('-');
  const shared = { RolUnico: { numero: Number(digits), DV: dv, tipo: 'RUN' } };
  const known = (claims: Claims): Claims =>
    Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  switch (profile) {
    case 'claveunica':
      return known({
        ...shared,
        name: { nombres: person.names, apellidos: person.surnames },
        email: person.email,
        phone_number: person.phone,
      });
    case 'oidc':
      return known({
        ...shared,
        name: fullName(person),
        given_name: person.names.join(' '),
        family_name: person.surnames.join(' '),
        birthdate: person.birthdate,
        updated_at: Math.floor(updatedAt / 1000),
        email: person.email,
        email_verified: person.email === undefined ? undefined : (person.emailVerified ?? false),
        phone_number: person.phone,
        phone_number_verified: person.phone === undefined ? undefined : (person.phoneVerified ?? false),
      });
  }
}

/** The RUN's digits without check digit: the `sub` that today's state websites build a RUT from. */
export const runDigits = ({ person }: Pick<Account, 'person'>): string => person.run.split('-')[0] ?? '';
