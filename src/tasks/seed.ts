import { parseRun } from '../domain/run.ts';
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
  await parts.transaction((tx) =>
    tx.accounts.add({
      id: uuid(parts.chance(16)),
      ...{ status, identified, secret, at: parts.clock() },
      person: { run, names, surnames, birthdate, email, emailVerified, phone, phoneVerified },
    }),
  );
  return true;
}

/** A random id in the form that Postgres keeps best (RFC 9562, version 4). */
export function uuid(random: string): string {
  const hex = Buffer.from(random, 'base64url').toString('hex');
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
