import { parseRun } from '../domain/run.ts';
import { uuid } from '../domain/uuid.ts';
import { createClient } from '../flows/create-client.ts';
import type { Demo } from '../gateways/demo-files.ts';
import type { Parts } from '../parts.ts';

/** Puts the emulator's people and sites in, those that are not there yet. Tells how many. */
export async function seed(parts: Parts, { people, clients }: Demo): Promise<number> {
  const added = await Promise.all(people.map((person) => addPerson(parts, person)));
  for (const client of clients) {
    if (await parts.clients.byId(client.id)) continue;
    const outcome = await createClient(parts, { ...client, state: 'sandbox' }, true);
    if (outcome.kind === 'refused') throw new Error(`demo client ${client.id}: ${outcome.faults.join('; ')}`);
  }
  return added.filter(Boolean).length;
}

async function addPerson(parts: Parts, person: Demo['people'][number]): Promise<boolean> {
  if (!person.account) return false;
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
  });
  return true;
}
