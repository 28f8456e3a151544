import { fullName, type Person } from '../../domain/account.ts';
import type { Parts } from '../../parts.ts';

type Id = string | undefined;
export type Names = {
  readonly name: (id: Id) => string;
  readonly person: (id: Id) => Person | undefined;
};

/** Who they are, all of a page by one statement; whoever is not there is a dash. */
export async function namesOf({ accounts }: Pick<Parts, 'accounts'>, ids: readonly Id[]): Promise<Names> {
  const wanted = [...new Set(ids.filter((id) => id !== undefined))];
  const found = wanted.length === 0 ? undefined : await accounts.byIds(wanted);
  const person = (id: Id) => (id === undefined ? undefined : found?.get(id)?.person);
  return {
    person,
    name(id) {
      const one = person(id);
      return one ? fullName(one) : '—';
    },
  };
}
