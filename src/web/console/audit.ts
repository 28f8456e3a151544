import { auditPage, type AuditTyped, type LoggedLine } from '#views/pages/console/audit.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import { fullName } from '../../domain/account.ts';
import { maskedName } from '../../domain/mask.ts';
import { parseRun } from '../../domain/run.ts';
import { searchAudit, type Logged } from '../../flows/search-audit.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { reasonOf, reasonShape, shellOf } from './shell.ts';

const PAGE = 50;
const DAY_MS = 86_400_000;

/** Kinds by which one may filter; what is typed by hand finds nothing. */
const KINDS = [
  ...['login-succeeded', 'login-refused', 'login-throttled', 'access-granted', 'session-ended', 'new-device', 'not-me'],
  ...['person-looked-up', 'person-blocked', 'person-unblocked', 'person-sessions-ended', 'person-case-opened'],
  ...['staff-entered', 'staff-proposed', 'staff-decided', 'staff-granted', 'staff-disabled', 'staff-trained'],
  ...['staff-denied', 'switch-proposed', 'switch-flipped', 'audit-searched', 'client-created', 'client-suspended'],
  ...['client-features-proposed', 'client-features-decided'],
];

const EMPTY: AuditTyped = { run: '', kind: '', from: '', until: '', reason: { kind: 'operations', text: '' } };

export const showAudit = async (visit: StaffVisit, parts: Parts): Promise<Reply> => ({
  status: 200,
  page: auditPage(visit.frame, { shell: shellOf(visit, parts), kinds: KINDS, typed: EMPTY }),
});

const date = z.union([z.iso.date(), z.literal('')]).catch('');
const shape = {
  ...reasonShape,
  ...{ run: z.string().max(64).default(''), tipo: z.string().max(64).default(''), desde: date, hasta: date },
  antes: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
};

export async function submitAudit(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, shape);
  const reason = reasonOf(form);
  const typed: AuditTyped = { run: form.run, kind: form.tipo, from: form.desde, until: form.hasta, reason };
  const shell = shellOf(visit, parts);
  const page = (
    status: number,
    more: { refused?: Refusal; lines?: readonly LoggedLine[]; before?: string | undefined },
  ): Reply => ({
    status,
    page: auditPage(visit.frame, { shell, kinds: KINDS, typed, ...more }),
  });
  const run = form.run === '' ? undefined : parseRun(form.run);
  if (form.run !== '' && !run) return page(422, { refused: 'malformed-run' });
  const outcome = await searchAudit(parts, visit.actor, {
    ...{ run, reason, kind: form.tipo === '' ? undefined : form.tipo, before: form.antes, limit: PAGE + 1 },
    from: form.desde === '' ? 0 : Date.parse(form.desde),
    until: form.hasta === '' ? parts.clock() + 1 : Date.parse(form.hasta) + DAY_MS,
  });
  if (outcome.kind === 'denied') return page(outcome.lacks === 'reason' ? 422 : 403, { refused: outcome.lacks });
  const shown = outcome.events.slice(0, PAGE);
  const more = outcome.events.length > PAGE ? shown.at(-1)?.id : undefined;
  return page(200, { lines: await Promise.all(shown.map((event) => line(parts, event))), before: more });
}

/** Members of staff by name, citizens masked. */
async function line({ accounts }: Pick<Parts, 'accounts'>, event: Logged): Promise<LoggedLine> {
  const { id, at, kind, actorId, accountId, clientId = '', details = {} } = event;
  const name = async (who: string | undefined) => {
    const account = who === undefined ? undefined : await accounts.byId(who);
    return account ? fullName(account.person) : '';
  };
  return {
    ...{ id, at, kind, client: clientId, actor: await name(actorId), subject: maskedName(await name(accountId)) },
    details: Object.entries(details)
      .map(([key, value]) => `${key}: ${String(value)}`)
      .join(' · '),
  };
}
