import { parseRun, type Run } from '../domain/run.ts';
import { uuid } from '../domain/uuid.ts';
import type { DemoPerson } from '../gateways/demo-files.ts';
import type { Parts } from '../parts.ts';

type Needs = Pick<Parts, 'accounts' | 'chance' | 'clock' | 'hasher' | 'transaction'>;

/** The emulator's invented people get their accounts; false when there is one already. */
export async function addDemoPerson(parts: Needs, person: DemoPerson): Promise<boolean> {
  const run = parseRun(person.run);
  if (!run) throw new Error(`demo person: ${person.run} is no RUN`);
  if (await parts.accounts.forLogin(run)) return false;
  const { names, surnames, birthdate, email, emailVerified, phone, phoneVerified, status, identified } = person;
  const secret = person.password === undefined ? undefined : await parts.hasher.hash(person.password);
  const [id, at] = [uuid(parts.chance(16)), parts.clock()];
  await parts.transaction(async (tx) => {
    await tx.accounts.add({
      ...{ id, status, identified, secret, at },
      person: { run, names, surnames, birthdate, email, emailVerified, phone, phoneVerified },
    });
    if (person.staff)
      await tx.staff.put({ accountId: id, ...person.staff, state: 'active', trainedAt: at, createdAt: at }, at);
    if (person.totp !== undefined) await tx.factors.addTotp({ accountId: id, secret: person.totp, step: 0, at });
  });
  return true;
}

/** In the emulator its registry stands for the identification: whoever is in it may be issued a code. */
export async function enrolFromDemo(parts: Needs & Pick<Parts, 'demo'>, run: Run): Promise<void> {
  const person = parts.demo?.people.find((each) => parseRun(each.run) === run);
  if (!person || person.account) return;
  // Nothing of the registry's is confirmed: activation does that.
  await addDemoPerson(parts, { ...person, status: 'not-activated', emailVerified: false, phoneVerified: false });
}
