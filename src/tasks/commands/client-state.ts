import { isSite } from '../../domain/account-session.ts';
import { isOpenTo, suspended } from '../../domain/client-change.ts';
import type { Client } from '../../domain/client.ts';
import { giveSecret } from '../../flows/client-change.ts';
import { byOperator } from './operator.ts';
import type { Access } from './access.ts';
import { command, Failure, table, WrongUsage, type Given } from './command.ts';

const GONE = (id: string) => new Failure(`there is no client ${id}`);
const reasonOption = { value: 'R', needed: true, meaning: 'why, for the record: no names and no RUN' } as const;

/** Ours are put right at each start, and without them nobody could undo what was done to them. */
function siteIn(given: Given<'reason'>): string {
  const [id = ''] = given.operands;
  if (!isSite(id)) throw new Failure(`${id} is a part of the product, and stays as it is`);
  return id;
}

function reasonIn(given: Given<'reason'>): string {
  const reason = given.text('reason').trim();
  if (reason.length > 500) throw new WrongUsage('--reason is 500 characters at most');
  return reason;
}

type Change = {
  readonly what: 'certify' | 'suspend';
  readonly kind: 'client-certified' | 'client-suspended';
  readonly state: 'certified' | 'suspended';
  readonly to: (client: Client) => Client;
};

/** Recorded, or not done. */
async function change(given: Given<'reason'>, access: Access, { what, kind, state, to }: Change) {
  const [id, reason] = [siteIn(given), reasonIn(given)];
  const { parts } = await access.ready();
  const at = parts.clock();
  const was = await byOperator(parts, { reason })(async (tx) => {
    let before: Client | undefined;
    const after = await tx.clients.change(
      id,
      (client) => {
        before = client;
        return isOpenTo({ what }, client) ? to(client) : client;
      },
      at,
    );
    if (before && before.state !== after?.state)
      await tx.audit.add({ kind, at, clientId: id, details: { was: before.state } });
    return before?.state;
  });
  if (was === undefined) throw GONE(id);
  if (was === 'suspended' && what !== 'suspend')
    throw new Failure(`${id} is suspended: two administrators let it in again in the console`);
  const changed = was !== state;
  return {
    json: { client_id: id, state, changed },
    text: changed ? `${id} is ${state} (it was ${was})` : `${id} was ${state} already; nothing was changed`,
  };
}

/** `clave client certify ID` */
export const clientCertify = command({
  name: 'client certify',
  summary: 'Lets citizens sign in at a state website that is a draft or in review (recorded). ID is its client_id.',
  operands: ['ID'],
  options: { reason: reasonOption },
  run: (given, access) => {
    const to = (client: Client): Client => ({ ...client, state: 'certified' });
    return change(given, access, { what: 'certify', kind: 'client-certified', state: 'certified', to });
  },
});

/** `clave client suspend ID` */
export const clientSuspend = command({
  name: 'client suspend',
  summary: 'Shuts a state website out, within five seconds and with all its tokens (R-69). ID is its client_id.',
  operands: ['ID'],
  options: { reason: reasonOption },
  run: (given, access) =>
    change(given, access, { what: 'suspend', kind: 'client-suspended', state: 'suspended', to: suspended }),
});

/** `clave client rotate-secret ID` */
export const clientRotateSecret = command({
  name: 'client rotate-secret',
  summary:
    'Gives a state website another client_secret, which is shown this once; the one before is good for thirty days more (R-67). ID is its client_id.',
  operands: ['ID'],
  options: { reason: reasonOption },
  run: async (given, access) => {
    const [id, reason] = [siteIn(given), reasonIn(given)];
    const { parts } = await access.ready();
    const recorded = { ...parts, transaction: byOperator(parts, { reason }) };
    const outcome = await giveSecret(recorded, id, { instead: 'oldest' });
    if (outcome.kind === 'gone' || outcome.kind === 'two') throw GONE(id);
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
