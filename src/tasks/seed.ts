import { ACTIVATION_CODE, parseActivationCode } from '../domain/code.ts';
import { parseRun } from '../domain/run.ts';
import { addDemoPerson } from '../flows/demo-person.ts';
import { createClient } from '../flows/create-client.ts';
import type { Demo } from '../gateways/demo-files.ts';
import { registeredClient } from '../oidc/registered.ts';
import type { Parts } from '../parts.ts';

/** Puts the emulator's people and sites in, those that are not there yet. Tells how many. */
export async function seed(parts: Parts, { people, clients, metadata }: Demo): Promise<number> {
  const added = await Promise.all(
    people.filter(({ account }) => account).map((person) => addDemoPerson(parts, person)),
  );
  await Promise.all(people.map((person) => issueKnownCode(parts, person)));
  for (const client of clients) {
    if (await parts.clients.byId(client.id)) continue;
    const outcome = await createClient(parts, { ...client, state: 'sandbox' }, true);
    if (outcome.kind === 'refused') throw new Error(`demo client ${client.id}: ${outcome.faults.join('; ')}`);
  }
  for (const { fapi_profile: fapi, ...found } of metadata) {
    const known = await parts.clients.byId(found.client_id);
    if (known && known.registered === undefined) throw new Error(`CLIENTS_FILE: ${found.client_id} is taken`);
    const client = registeredClient({ id: found.client_id, metadata: found, fapi }, parts.vault);
    await parts.clients.put(client, parts.clock());
  }
  return added.filter(Boolean).length;
}

/** The code that waits for somebody in the emulator; from each start on for three days. */
async function issueKnownCode(parts: Parts, person: Demo['people'][number]): Promise<void> {
  const [code, run] = [parseActivationCode(person.activation ?? ''), parseRun(person.run)];
  const account = run && (await parts.accounts.forLogin(run))?.account;
  if (code === undefined || !run || account?.status !== 'not-activated') return;
  const [now, lifetime] = [parts.clock(), ACTIVATION_CODE.lifetimes.print];
  const purpose = 'activation';
  const { id: accountId } = account;
  await parts.codes.issue({ purpose, binding: run, accountId, code, now, lifetime, perHour: 1e6, perDay: 1e6 });
}
