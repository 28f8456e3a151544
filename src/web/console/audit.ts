import { auditPage, type AuditTyped, type LoggedLine } from '#views/pages/console/audit.ts';
import type { Refusal } from '#views/parts/console.ts';
import { z } from 'zod';
import { fullName } from '../../domain/account.ts';
import { EVENT_KINDS } from '../../domain/event.ts';
import { saidRequest } from '../../domain/help-code.ts';
import { maskedName } from '../../domain/mask.ts';
import type { Reason } from '../../domain/roles.ts';
import { parseRun } from '../../domain/run.ts';
import { exportAudit, searchAudit, type AuditWish, type Logged } from '../../flows/search-audit.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import { shownOnce } from '../kit/frame.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { foundOf, TO_COUNT } from './asked-list.ts';
import { csvReply, notOut } from './csv-file.ts';
import { namesOf } from './names.ts';
import { reasonOf, reasonShape, shellOf } from './shell.ts';

const PAGE = 50;
const DAY_MS = 86_400_000;

export const NOTHING_TYPED: AuditTyped = {
  ...{ run: '', actor: '', request: '', kind: '', from: '', until: '', oldestFirst: false },
  reason: { kind: 'operations', text: '' },
};

/** A help code says nothing of anybody, so it may come in an address. */
export const showAudit = async (visit: StaffVisit, parts: Parts): Promise<Reply> => ({
  status: 200,
  page: auditPage(visit.frame, {
    ...{ shell: shellOf(visit, parts), kinds: EVENT_KINDS },
    typed: { ...NOTHING_TYPED, request: (visit.query.get('solicitud') ?? '').slice(0, 64) },
  }),
});

const date = z.union([z.iso.date(), z.literal('')]).catch('');
const word = z.string().max(64).default('');
const shape = {
  ...reasonShape,
  ...{ run: word, funcionario: word, tipo: word, solicitud: word, desde: date, hasta: date },
  orden: z.enum(['', 'antiguos']).catch('').default(''),
};
const pageShape = {
  ...shape,
  antes: z
    .string()
    // Nineteen digits may be more than an id can be.
    .regex(/^\d{1,18}$/)
    .optional(),
};
type Form = ReturnType<typeof readForm<typeof shape>>;

const typedOf = (form: Form, reason: Reason): AuditTyped => ({
  ...{ run: form.run, actor: form.funcionario, request: form.solicitud, kind: form.tipo },
  ...{ from: form.desde, until: form.hasta, oldestFirst: form.orden === 'antiguos', reason },
});

/** What she looks for; or what of it cannot be read. */
function wishOf(form: Form, now: number): Omit<AuditWish, 'reason'> | 'malformed-run' | 'malformed-request' {
  const [run, actor] = [form.run, form.funcionario].map((said) => (said.trim() === '' ? undefined : parseRun(said)));
  const request = saidRequest(form.solicitud);
  if ((form.run.trim() !== '' && !run) || (form.funcionario.trim() !== '' && !actor)) return 'malformed-run';
  if (form.solicitud.trim() !== '' && !request) return 'malformed-request';
  return {
    ...{ run, actor, request, kind: form.tipo === '' ? undefined : form.tipo, oldestFirst: form.orden === 'antiguos' },
    from: form.desde === '' ? 0 : Date.parse(form.desde),
    until: form.hasta === '' ? now + 1 : Date.parse(form.hasta) + DAY_MS,
  };
}

export async function submitAudit(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, pageShape);
  const reason = reasonOf(form);
  const page = (status: number, more: Partial<Parameters<typeof auditPage>[1]>): Reply => ({
    status,
    page: auditPage(status === 200 ? shownOnce(visit.frame) : visit.frame, {
      ...{ shell: shellOf(visit, parts), kinds: EVENT_KINDS, typed: typedOf(form, reason), ...more },
    }),
  });
  const wish = wishOf(form, parts.clock());
  if (typeof wish === 'string') return page(422, { refused: wish });
  const about = { ...wish, reason, before: form.antes, limit: PAGE + 1, count: TO_COUNT };
  const outcome = await searchAudit(parts, visit.actor, about);
  if (outcome.kind === 'denied') return page(outcome.lacks === 'reason' ? 422 : 403, { refused: outcome.lacks });
  const shown = outcome.events.slice(0, PAGE);
  const before = outcome.events.length > PAGE ? shown.at(-1)?.id : undefined;
  const found = outcome.counted === undefined ? undefined : foundOf(outcome.counted);
  return page(200, { lines: await linesOf(parts, shown), before, found });
}

/** What was found, as a file. */
export async function exportFound(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const form = readForm(visit.body, shape);
  const reason = reasonOf(form);
  const refused = (status: number, why: Refusal): Reply => ({
    status,
    page: auditPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), kinds: EVENT_KINDS, typed: typedOf(form, reason), refused: why },
    }),
  });
  const wish = wishOf(form, parts.clock());
  if (typeof wish === 'string') return refused(422, wish);
  const outcome = await exportAudit(parts, visit.actor, { ...wish, reason });
  if (outcome.kind !== 'recorded') {
    const { status, refused: why } = notOut(outcome);
    return refused(status, why);
  }
  return csvReply(parts, {
    ...{ name: 'auditoria', outcome, head: Object.values(visit.frame.words.console.audit.columns) },
    page: async (place, limit) => {
      const events = await outcome.page(place?.id, limit);
      return events.map((row) => ({ row, place: { key: '', id: row.id } }));
    },
    cells: async (events) =>
      (await linesOf(parts, events)).map(({ id, at, kind, actor, subject, client, details }) => [
        ...[id, new Date(at).toISOString(), kind, actor, subject, client, details],
      ]),
  });
}

/** Members of staff by name, citizens masked. */
async function linesOf(parts: Pick<Parts, 'accounts'>, events: readonly Logged[]): Promise<readonly LoggedLine[]> {
  const { person } = await namesOf(
    parts,
    events.flatMap(({ actorId, accountId }) => [actorId, accountId]),
  );
  const nameOf = (who: string | undefined): string => {
    const one = person(who);
    return one ? fullName(one) : '';
  };
  return events.map(({ id, at, kind, actorId, accountId, clientId = '', details = {} }) => ({
    ...{ id, at, kind, client: clientId, actor: nameOf(actorId), subject: maskedName(nameOf(accountId)) },
    details: Object.entries(details)
      .map(([key, value]) => `${key}: ${String(value)}`)
      .join(' · '),
  }));
}
