import { INCIDENT_DUE, type IncidentFigure } from '../../domain/incident.ts';
import type { Incident, Moment } from '../../stores/incidents.ts';
import { command, table, WrongUsage } from './command.ts';
import { operatorName } from './operator.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The report is for authorities of Chile, so it speaks Spanish. */
const WORDS: Readonly<Record<IncidentFigure, string>> = {
  affected: 'Cuentas afectadas: dijeron «No fui yo», clave conocida por otros, bloqueadas',
  signedIn: 'Ingresos correctos',
  blocked: 'Ingresos impedidos: clave o segundo paso incorrectos, o demasiados intentos',
  sessionsEnded: 'Sesiones cerradas, por su dueña o dueño o por una oficina',
  notMe: 'Avisos «No fui yo»',
  compromised: 'Claves declaradas conocidas por otros',
  accountsBlocked: 'Cuentas bloqueadas',
  recovered: 'Claves nuevas por recuperación',
  lookedUp: 'Fichas consultadas por funcionarios',
  staffDenied: 'Intentos de funcionarios sin permiso',
  staffDisabled: 'Funcionarios deshabilitados',
  casesOpened: 'Casos de cuentas abiertos',
  casesClosed: 'Casos de cuentas cerrados',
};
const DUE = { early: 'Alerta temprana', report: 'Informe', final: 'Informe final' } as const;

const when = (at: number) =>
  new Date(at).toLocaleString('sv-SE', { timeZone: 'America/Santiago', timeZoneName: 'shortOffset' });

const report = command({
  name: 'incident report',
  summary:
    'What happened in a time, in numbers out of the audit log, for the report to the ANCI (Ley 21.663): nobody’s data, only counts. That it was made, and why, is recorded.',
  options: {
    from: { value: 'TIME', needed: true, meaning: 'since when: 2026-11-29T14:00-03:00, or a day (UTC)' },
    to: { value: 'TIME', meaning: 'until when, not included; a day is meant as a whole; without it, now' },
    known: {
      value: 'TIME',
      meaning: 'when the incident was known: the deadlines run from there; without it, from --from',
    },
    reason: { value: 'R', needed: true, meaning: 'why, for the record: no names and no RUN' },
  },
  run: async (given, access) => {
    const from = timeOf(given.text('from'), 'from');
    const known = timeOf(given.maybe('known') ?? given.text('from'), 'known');
    const to = given.maybe('to');
    const { parts, config } = await access.ready();
    const now = parts.clock();
    const until = to === undefined ? now + 1 : timeOf(to, 'to', DAY);
    if (until <= from) throw new WrongUsage('--to is later than --from');
    const { incidents } = await access.reach(config, HOUR);
    const incident = await incidents.of({ from, until });
    await parts.audit.add({
      ...{ kind: 'incident-reported', at: now },
      details: { from, until, words: given.text('reason').slice(0, 500), by: operatorName() },
    });
    const due = Object.fromEntries(Object.entries(INCIDENT_DUE).map(([name, after]) => [name, known + after]));
    const json = { from, until, madeAt: now, known, due, ...incident };
    return { json, text: written(incident, { from, until, known, now }) };
  },
});

type Times = { readonly from: number; readonly until: number; readonly known: number; readonly now: number };

function written({ figures, moments, more, sealed }: Incident, { from, until, known, now }: Times): string {
  const due = Object.entries(INCIDENT_DUE).map(([name, after]) => [
    ...[DUE[name as keyof typeof DUE], `antes de ${when(known + after)}`],
  ]);
  const counts = Object.entries(figures).map(([name, { events, accounts }]) => [
    ...[WORDS[name as IncidentFigure], events.toLocaleString('es-CL'), accounts.toLocaleString('es-CL')],
  ]);
  const range =
    sealed.firstBlock === null
      ? 'ningún bloque sellado todavía'
      : `bloques ${String(sealed.firstBlock)} a ${String(sealed.lastBlock)}, hash del último ${sealed.hash ?? ''}`;
  const rows = `registros ${sealed.firstRow ?? '—'} a ${sealed.lastRow ?? '—'}: ${String(sealed.rows)}, de ellos ${String(sealed.unsealed)} sin sellar`;
  return [
    'INFORME DE INCIDENTE (Ley 21.663, artículo 9)',
    `Período: ${when(from)} a ${when(until)}. Hecho: ${when(now)}.`,
    'Contiene solo cantidades; ningún dato personal.',
    `\nPLAZOS, desde que se conoció (${when(known)})\n${table(due)}`,
    `\nCIFRAS\n${table([['qué', 'eventos', 'cuentas'], ...counts])}`,
    `\nCRONOLOGÍA\n${moments.length === 0 ? 'nada que contar' : table(moments.map(line))}${more ? '\n… y más: acorte el período' : ''}`,
    `\nRESPALDO EN EL REGISTRO DE AUDITORÍA\n${rows}\n${range}\nSe comprueba con: clave audit verify`,
  ].join('\n');
}

const line = ({ at, kind, client = '', details }: Moment) => [
  ...[when(at), kind, client],
  Object.entries(details)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', '),
];

/** `whole`: what a day without an hour adds. */
function timeOf(text: string, name: string, whole = 0): number {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return checked(Date.parse(text), name) + whole;
  const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text);
  return checked(zoned ? Date.parse(text) : Number.NaN, name);
}

function checked(at: number, name: string): number {
  if (Number.isNaN(at)) throw new WrongUsage(`--${name} is a time with its zone, as 2026-11-29T14:00-03:00, or a day`);
  return at;
}

/** `clave incident …` */
export const incidentCommands = [report];
