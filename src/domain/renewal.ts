import type { Identified, Person } from './account.ts';

/** What a new identification brings: it takes the place of contact and level when its code has been used. */
export type Renewal = Pick<Person, 'email' | 'phone'> &
  Partial<Pick<Person, 'names' | 'surnames' | 'birthdate'>> & { readonly identified: Identified };

/** The person as that identification left her: no address that she had before reaches her any more. */
export function renewedPerson(was: Person, { identified: _level, email, phone, ...named }: Renewal): Person {
  const { run, names, surnames, birthdate, lang } = was;
  return {
    ...{ run, names, surnames, birthdate, lang, ...named },
    ...(email !== undefined && { email, emailVerified: false }),
    ...(phone !== undefined && { phone, phoneVerified: false }),
  };
}
