import { isOpenTo, suspended } from '../../domain/client-change.ts';
import type { Client } from '../../domain/client.ts';
import { giveSecret } from '../../flows/client-change.ts';
import type { Parts } from '../../parts.ts';
import { byOperator } from './client-input.ts';
import { command, Failure, table, WrongUsage, type Given } from './command.ts';

const GONE = (id: string) => new Failure(`there is no client ${id}`);
const reasonOption = { value: 'R', needed: true, meaning: 'why, for the record: no names and no RUN' } as const;

function reasonIn(given: Given<'reason'>): string {
  const reason = given.text('reason').trim();
  if (reason.length > 500) throw new WrongUsage('--reason is 500 characters at most');
  return reason;
}

type Change = {
  readonly id: string;
  readonly reason: string;
  readonly what: 'certify' | 'suspend';
  readonly kind: 'client-certified' | 'client-suspended';
  readonly to: (client: Client) => Client;
};

/** What it was before, and whether it is another now; undefined when there is none. Recorded, or not done. */
async function change(parts: Parts, { id, reason, what, kind, to }: Change) {
  const at = parts.clock();
  return byOperator(parts, { reason })(async (tx) => {
    let before: Client | undefined;
    const after = await tx.clients.change(
      id,
      (client) => {
        before = client;
        return isOpenTo({ what }, client) ? to(client) : client;
      },
      at,
    );
    if (!before || !after) return undefined;
    const changed = before.state !== after.state;
    if (changed) await tx.audit.add({ kind, at, clientId: id, details: { was: before.state } });
    return { was: before.state, changed };
  });
}

/** `clave client certify ID` */
export const clientCertify = command({
  name: 'client certify',
  summary: 'Lets citizens sign in at a state website that is a draft or in review (recorded). ID is its client_id.',
  operands: ['ID'],
  options: { reason: reasonOption },
  run: async (given, access) => {
    const [id = ''] = given.operands;
    const reason = reasonIn(given);
    const { parts } = await access.ready();
    const to = (client: Client): Client => ({ ...client, state: 'certified' });
    const done = await change(parts, { id, reason, what: 'certify', kind: 'client-certified', to });
    if (!done) throw GONE(id);
    if (done.was === 'suspended')
      throw new Failure(`${id} is suspended: two administrators let it in again in the console`);
    return {
      json: { client_id: id, state: 'certified', changed: done.changed },
      text: done.changed
        ? `${id} is certified (it was ${done.was})`
        : `${id} was certified already; nothing was changed`,
    };
  },
});

/** `clave client suspend ID` */
export const clientSuspend = command({
  name: 'client suspend',
  summary: 'Shuts a state website out, within five seconds and with all its tokens (R-69). ID is its client_id.',
  operands: ['ID'],
  options: { reason: reasonOption },
  run: async (given, access) => {
    const [id = ''] = given.operands;
    const reason = reasonIn(given);
    const { parts } = await access.ready();
    const done = await change(parts, { id, reason, what: 'suspend', kind: 'client-suspended', to: suspended });
    if (!done) throw GONE(id);
    return {
      json: { client_id: id, state: 'suspended', changed: done.changed },
      text: done.changed
        ? `${id} is suspended (it was ${done.was})`
        : `${id} was suspended already; nothing was changed`,
    };
  },
});

/** `clave client rotate-secret ID` */
export const clientRotateSecret = command({
  name: 'client rotate-secret',
  summary:
    'Gives a state website another client_secret, which is shown this once; the one before is good for thirty days more (R-67). ID is its client_id.',
  operands: ['ID'],
  options: { reason: reasonOption },
  run: async (given, access) => {
    const [id = ''] = given.operands;
    const reason = reasonIn(given);
    const { parts } = await access.ready();
    const outcome = await giveSecret({ ...parts, transaction: byOperator(parts, { reason }) }, id);
    if (outcome.kind === 'gone') throw GONE(id);
    if (outcome.kind === 'no-secret')
      throw new Failure(`${id} has no secret: it proves itself by keys or a certificate`);
    const before = outcome.client.secrets[1]?.until;
    const until = before === undefined ? undefined : new Date(before).toISOString();
    const json = { client_id: id, client_secret: outcome.secret, ...(until !== undefined && { before_until: until }) };
    const old = until === undefined ? '' : `\nThe one before is good until ${until}.`;
    const rows = [
      ['client_id:', id],
      ['client_secret:', outcome.secret],
    ];
    return { json, text: `${table(rows)}\n\nKeep the secret now: it is not stored, and is not shown again.${old}` };
  },
});
