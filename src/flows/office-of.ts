import type { Office } from '../domain/schedule.ts';
import type { Parts } from '../parts.ts';
import type { Actor } from './permit.ts';

type Needs = Pick<Parts, 'offices'>;

/** The office that was meant, by its id or by its name. */
export async function officeNamed({ offices }: Needs, named: string | undefined): Promise<Office | undefined> {
  if (named === undefined) return undefined;
  const all = await offices.list();
  return all.find(({ id }) => id === named) ?? all.find(({ name }) => name === named);
}

/** Where she works, as lines and places know it. */
export const officeOf = async (parts: Needs, { staff }: Pick<Actor, 'staff'>): Promise<string> =>
  (await officeNamed(parts, staff.office))?.id ?? staff.office ?? '';

/** Of which desk she acted, for whom it concerns (`domain/activity.ts`): the office as citizens call it. */
export async function deskDetails(parts: Needs, { staff }: Actor): Promise<Record<string, string>> {
  return {
    role: staff.roles.find((role) => role === 'officer' || role === 'supervisor') ?? '',
    ...{ agency: staff.agency ?? '', office: await officeName(parts, staff.office) },
  };
}

/** As it is read. */
export const officeName = async (parts: Needs, office: string | undefined): Promise<string> =>
  (await officeNamed(parts, office))?.name ?? office ?? '';
