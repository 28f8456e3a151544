import { z } from 'zod';
import type { Client } from '../domain/client.ts';
import { ACTIVATION_CODE, parseActivationCode } from '../domain/code.ts';
import { parseRun } from '../domain/run.ts';
import { addDemoPerson } from '../flows/demo-person.ts';
import { createClient } from '../flows/create-client.ts';
import type { Demo, DemoPerson } from '../gateways/demo-files.ts';
import { registeredClient } from '../oidc/registered.ts';
import type { Parts } from '../parts.ts';
import { Failure } from './commands/command.ts';

/** Hashes wait in a line that is not endless. */
const AT_ONCE = 50;

/** Puts the emulator's people and sites in, those that are not there yet. Tells how many people. */
export async function seed(parts: Parts, { people, clients, metadata }: Demo): Promise<number> {
  const added: DemoPerson[] = [];
  for (let from = 0; from < people.length; from += AT_ONCE) {
    const some = people.slice(from, from + AT_ONCE);
    const news = await Promise.all(some.map(async (one) => one.account && (await addDemoPerson(parts, one))));
    added.push(...some.filter((_, at) => news[at]));
    await Promise.all(some.map((one) => issueKnownCode(parts, one)));
  }
  await tellChanged(parts, { people, added });
  for (const client of clients) {
    const known = await parts.clients.byId(client.id);
    if (known) {
      const at = followed(known, client.homeUri);
      if (at) await parts.clients.put(at, parts.clock());
      continue;
    }
    const outcome = await createClient(parts, { ...client, state: 'sandbox' }, true);
    if (outcome.kind === 'refused') throw new Error(`demo client ${client.id}: ${outcome.faults.join('; ')}`);
  }
  for (const { fapi_profile: fapi, ...found } of metadata) {
    const known = await parts.clients.byId(found.client_id);
    if (known && known.registered === undefined) throw new Failure(`CLIENTS_FILE: ${found.client_id} is taken`);
    const client = registeredClient({ id: found.client_id, metadata: found, fapi }, parts.vault);
    await parts.clients.put(client, parts.clock());
  }
  return added.length;
}

/** With another `DEMO_PORT` the demo sites are elsewhere on this machine: their addresses follow, all others stay. */
function followed(known: Client, home: string | undefined): Client | undefined {
  const [was, is] = [known.homeUri, home].map((uri) => URL.parse(uri ?? ''));
  if (!was || !is || was.hostname !== 'localhost' || was.port === is.port) return undefined;
  const move = (uri: string) => (uri.startsWith(`${was.origin}/`) ? is.origin + uri.slice(was.origin.length) : uri);
  return {
    ...known,
    redirectUris: known.redirectUris.map(move),
    postLogoutRedirectUris: known.postLogoutRedirectUris.map(move),
    homeUri: home,
    initiateLoginUri: known.initiateLoginUri && move(known.initiateLoginUri),
  };
}

const seeded = z.record(z.string(), z.string());

/** An account is its owner's from its first day on: what is written about her later changes nothing, and is told. */
async function tellChanged(
  { log, settings }: Pick<Parts, 'log' | 'settings'>,
  { people, added }: { readonly people: readonly DemoPerson[]; readonly added: readonly DemoPerson[] },
): Promise<void> {
  const before = seeded.parse(JSON.parse((await settings.read('people-seeded')) ?? '{}'));
  const changed = people.filter((one) => before[one.run] !== undefined && before[one.run] !== JSON.stringify(one));
  if (changed.length > 0)
    log.warn(
      { places: changed.map((one) => `[${people.indexOf(one)}]`).join(' ') },
      'these demo people have accounts of before, which stay as they are; `npm start -- --reset` begins anew',
    );
  const now = Object.fromEntries(added.map((one) => [one.run, JSON.stringify(one)]));
  if (added.length > 0) await settings.write('people-seeded', JSON.stringify({ ...before, ...now }));
}

/** The code that waits for somebody in the emulator; from each start on for three days. */
async function issueKnownCode(parts: Parts, person: DemoPerson): Promise<void> {
  const [code, run] = [parseActivationCode(person.activation ?? ''), parseRun(person.run)];
  const account = run && (await parts.accounts.forLogin(run))?.account;
  if (code === undefined || !run || account?.status !== 'not-activated') return;
  const [now, lifetime] = [parts.clock(), ACTIVATION_CODE.lifetimes.print];
  const purpose = 'activation';
  const { id: accountId } = account;
  await parts.codes.issue({ purpose, binding: run, accountId, code, now, lifetime, perHour: 1e6, perDay: 1e6 });
}
