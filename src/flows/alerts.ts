import { ALERTS } from '../domain/alert.ts';
import type { Parts } from '../parts.ts';
import type { NewAlert } from '../stores/alerts.ts';
import { denied, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<Parts, 'clock' | 'log' | 'transaction'>;

/** Rings once an hour: a line in the log, a row for the console, an event, and a letter to the operator's address. */
export async function raiseAlert(parts: Needs, alert: NewAlert): Promise<boolean> {
  const { kind, actorId, details, at } = alert;
  const raised = await parts.transaction(async (tx) => {
    const id = await tx.alerts.add(alert);
    if (id === undefined) return false;
    await tx.audit.add({
      ...{ kind: 'alert-raised', at: parts.clock(), details: { alert: kind, id, ...details } },
      ...(actorId !== undefined && { actorId }),
    });
    await tx.outbox.add({ letter: 'alert', kind, at, details });
    return true;
  });
  if (raised) parts.log.error({ alert: kind, actorId, ...details }, `ALERT: ${ALERTS[kind]}`);
  return raised;
}

export type Acknowledged = { readonly kind: 'done' } | { readonly kind: 'gone' } | Denied;

/** Somebody has seen it, and is recorded. */
export async function acknowledgeAlert(
  parts: Pick<Parts, 'audit' | 'clock' | 'transaction'>,
  actor: Actor,
  id: string,
): Promise<Acknowledged> {
  const no = await denied(parts, actor, { act: 'alert acknowledge', target: {} });
  if (no) return no;
  const now = parts.clock();
  return parts.transaction(async (tx) => {
    if (!(await tx.alerts.acknowledge(id, actor.staff.accountId, now))) return { kind: 'gone' };
    await tx.audit.add({ kind: 'alert-acknowledged', at: now, details: { id }, ...trailOf(actor) });
    return { kind: 'done' };
  });
}
