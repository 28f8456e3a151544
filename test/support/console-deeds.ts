import { randomUUID } from 'node:crypto';
import type { ClientState } from '../../src/domain/client.ts';
import type { Role, Staff } from '../../src/domain/roles.ts';
import {
  aboutHerself,
  asks,
  exceptions,
  handed,
  histories,
  holds,
  ownHistory,
  reissuable,
  reissues,
  samples,
  sheetForm,
  secondCodes,
  slips,
} from './console-cases.ts';
import { AGENCY, colleague, OFFICE, person, type Deed, type Subject, type World } from './console-world.ts';

const reason = { motivo: 'citizen-asks', palabras: 'probar la tabla de permisos' };

type Proposed = {
  readonly plan: 'staff' | 'switch';
  readonly by: string;
  readonly agency?: Staff['agency'];
  readonly role?: Role;
};
async function proposal(world: World, { plan, by, agency, role = 'officer' }: Proposed) {
  const id = randomUUID();
  const subject = plan === 'staff' ? (await person(world)).accountId : 'recovery-stopped';
  const now = world.app.parts.clock();
  // One of a switch waits at a time.
  if (plan === 'switch') await world.app.live.db('proposals').where({ kind: 'switch' }).delete();
  await world.app.parts.proposals.add({
    ...{ id, subject, reason: 'hace falta', proposedBy: by, proposedAt: now, expiresAt: now + 3_600_000 },
    plan: plan === 'staff' ? { kind: 'staff', roles: [role], agency } : { kind: 'switch', flipped: true },
  });
  return { id, subject };
}

const records = async (world: World): Promise<readonly Subject[]> => {
  const other = await person(world);
  return [
    { name: 'herself', id: world.me.accountId, target: { accountId: world.me.accountId } },
    { name: 'a citizen', id: other.accountId, target: { accountId: other.accountId } },
  ];
};
const blocked = async (world: World): Promise<readonly Subject[]> => {
  const all = await records(world);
  for (const { id } of all.slice(1))
    await world.app.parts.accounts.moveStatus(id, { from: ['active'], to: 'blocked', at: world.app.parts.clock() });
  return all;
};
const colleagues = async (world: World): Promise<readonly Subject[]> => {
  const [near, far] = [await colleague(world, AGENCY), await colleague(world, 'registro-civil')];
  return [
    { name: 'herself', id: world.me.accountId, target: { accountId: world.me.accountId, agency: AGENCY } },
    { name: 'one of her agency', id: near, target: { accountId: near, agency: AGENCY } },
    { name: 'one of another', id: far, target: { accountId: far, agency: 'registro-civil' } },
  ];
};
const staffProposals = async (world: World): Promise<readonly Subject[]> => {
  const [stranger] = [(await person(world)).accountId];
  const made = [
    ['her own', world.me.accountId, AGENCY, 'officer'],
    ['another’s', stranger, AGENCY, 'officer'],
    ['of another agency', stranger, 'registro-civil', 'officer'],
    ['of one who works for all', stranger, AGENCY, 'auditor'],
  ] as const;
  return Promise.all(
    made.map(async ([name, by, agency, role]) => {
      const { id, subject } = await proposal(world, { plan: 'staff', by, agency, role });
      const whose = role === 'auditor' ? undefined : agency;
      return { name, id, target: { accountId: subject, agency: whose, proposedBy: by } };
    }),
  );
};
const switchProposal =
  (whose: 'hers' | 'others') =>
  async (world: World): Promise<readonly Subject[]> => {
    const by = whose === 'hers' ? world.me.accountId : (await person(world)).accountId;
    const { id } = await proposal(world, { plan: 'switch', by });
    return [{ name: whose, id, target: { proposedBy: by } }];
  };

/** Sites whose id is that of their institution, as each path here has one word for all its parts. */
const sites =
  (state: ClientState) =>
  async ({ app }: World): Promise<readonly Subject[]> => {
    const { clients, clock } = app.parts;
    const some = (await clients.byId('demo-municipio'))!;
    await app.live.db('proposals').whereIn('kind', ['client', 'client-features']).delete();
    for (const id of ['muni', 'otra']) await clients.put({ ...some, id, institution: id, state }, clock());
    return [
      { name: 'of her institution', id: 'muni', target: { institution: 'muni' } },
      { name: 'of another', id: 'otra', target: { institution: 'otra' } },
    ];
  };
const siteProposals = async (world: World): Promise<readonly Subject[]> => {
  await sites('sandbox')(world);
  const [now, stranger] = [world.app.parts.clock(), (await person(world)).accountId];
  const made = [
    ['another’s', stranger, 'muni'],
    ['of another institution', stranger, 'otra'],
  ] as const;
  return Promise.all(
    made.map(async ([name, by, institution]) => {
      const id = randomUUID();
      const uris = { redirectUris: ['https://x.example/cb'], postLogoutRedirectUris: [] };
      await world.app.parts.proposals.add({
        ...{ id, subject: institution, plan: { kind: 'client', what: 'uris', ...uris }, reason: 'hace falta' },
        ...{ proposedBy: by, proposedAt: now, expiresAt: now + 3_600_000 },
      });
      return { name, id, target: { institution, proposedBy: by } };
    }),
  );
};
const alert = async ({ app }: World): Promise<readonly Subject[]> => {
  const id = await app.parts.alerts.add({
    ...{ kind: 'clock-off', key: randomUUID(), at: app.parts.clock(), details: {} },
  });
  return [{ name: 'one that waits', id: id ?? '', target: {} }];
};
/** Whom a letter can reach. */
const reachable = async (world: World): Promise<readonly Subject[]> => {
  const all = await records(world);
  const now = world.app.parts.clock();
  for (const { id } of all)
    await world.app.parts.accounts.editPerson(id, now, (was) => ({ ...was, emailVerified: true }));
  return all;
};

/** What its owner, a colleague and she herself opened; `taken`: in her hand, and one in another's. */
const accountCases =
  (hand?: 'taken') =>
  async (world: World): Promise<readonly Subject[]> => {
    const { cases, clock } = world.app.parts;
    const [me, other] = [world.me.accountId, await colleague(world)];
    const made = [
      { name: 'about herself', accountId: me },
      { name: 'that she opened', openedBy: me },
      { name: 'of a citizen', holder: hand && me },
      { name: 'that a colleague opened', openedBy: other, holder: hand && me },
      ...(hand ? [{ name: 'in another’s hand', holder: other }] : []),
    ];
    return Promise.all(
      made.map(async ({ name, openedBy, holder, accountId = '' }) => {
        const whose = accountId === '' ? (await person(world)).accountId : accountId;
        const about = { kind: openedBy === undefined ? ('not-me' as const) : ('staff' as const), accountId: whose };
        const id = randomUUID();
        await cases.open({ id, ...about, ...(openedBy !== undefined && { openedBy }), at: clock(), details: {} });
        const taken = { id: randomUUID(), at: clock(), words: '', was: undefined };
        if (holder !== undefined) await cases.take(id, { ...taken, by: holder });
        return { name, id, target: { accountId: whose, proposedBy: openedBy ?? whose, drawnFor: holder } };
      }),
    );
  };

const SHIFT = { dia: '2030-01-07', desde: '09:00', hasta: '10:00', canal: 'video' };
const shift = async (world: World) => ({ ...SHIFT, funcionario: await colleague(world), oficina: '' });
/** One that stands in the table. */
async function standingShift(world: World) {
  const officer = await colleague(world);
  const [from, to] = [9 * 60, 10 * 60];
  await world.app.parts.offices.setShifts(officer, SHIFT.dia, [
    { officer, day: SHIFT.dia, from, to, channel: 'video' },
  ]);
  return { funcionario: officer, dia: SHIFT.dia, desde: SHIFT.desde };
}
/** Somebody stands in the line of her office. */
async function waiting(world: World) {
  const { queues, clock } = world.app.parts;
  const { id } = await asks(world);
  await queues.join({ caseId: id, channel: 'office', office: OFFICE, joinedAt: clock() });
  return { canal: 'office' };
}

const acted = async () => reason;
const decided = async () => ({ decision: 'si' });
/** The case that she has in hand, those of others, and one about herself. */
const work = (body?: Deed['body']): readonly Deed[] =>
  [handed('office'), aboutHerself].map((subjects) => ({ subjects, ...(body && { body }) }));

/**
 * For each path of the console what can be tried on it. A new one must say it here: `test/web/matrix.test.ts` fails as
 * long as it does not.
 */
export const DEEDS: Readonly<Record<string, readonly Deed[]>> = {
  '/': [{}],
  '/buscar': [{}],
  '/personas': [{ body: async (world) => ({ run: (await person(world)).run, ...reason }) }],
  '/personas/:id/send-recovery': [{ subjects: reachable, body: acted }],
  '/personas/:id/block': [{ subjects: records, body: acted }],
  '/personas/:id/unblock': [{ subjects: blocked, body: acted }],
  '/personas/:id/end-sessions': [{ subjects: records, body: acted }],
  '/personas/:id/open-case': [{ subjects: records, body: acted }],
  '/cuentas': [{}],
  '/cuentas/exportar': [{ body: acted }],
  '/cuentas/:id': [{ subjects: accountCases() }],
  '/cuentas/:id/tomar': [{ subjects: accountCases(), body: async () => ({ tiene: '' }) }],
  '/cuentas/:id/nota': [{ subjects: accountCases('taken'), body: async () => ({ nota: 'la llamé por teléfono' }) }],
  '/cuentas/:id/cerrar': [{ subjects: accountCases('taken'), body: async () => ({ resultado: 'secured', ...reason }) }],
  '/auditoria': [
    { body: async () => ({ run: '', tipo: '', desde: '', hasta: '', ...reason }) },
    { body: async () => ({ run: '', tipo: '', desde: '', hasta: '', antes: '9', ...reason }) },
  ],
  '/auditoria/exportar': [{ body: acted }],
  '/funcionarios': [{}],
  '/funcionarios/exportar': [{ target: { agency: AGENCY }, body: acted }],
  '/funcionarios/invitar': [
    {
      target: { agency: AGENCY },
      body: async (world) => ({ run: (await person(world)).run, officer: 'si', agencia: AGENCY, ...reason }),
    },
    {
      target: { agency: 'registro-civil' },
      body: async (world) => ({ run: (await person(world)).run, officer: 'si', agencia: 'registro-civil', ...reason }),
    },
  ],
  '/funcionarios/propuestas/:id': [{ subjects: staffProposals, body: decided }],
  '/funcionarios/:id/capacitar': [{ subjects: colleagues, body: async () => ({}) }],
  '/funcionarios/:id/deshabilitar': [{ subjects: colleagues, body: acted }],
  '/agenda': [{}],
  '/agenda/siguiente': [{ body: waiting }],
  '/meson': [{}],
  '/meson/llegada': [{ body: async (world) => ({ run: (await asks(world)).run }) }],
  '/meson/solicitud': [
    { body: async (world) => ({ run: (await person(world)).run, documento: '100200300', email: '', telefono: '' }) },
  ],
  '/meson/segundo-codigo': [
    {},
    { subjects: secondCodes, body: async (_, { run }) => ({ run: run ?? '' }), formAlone: true },
  ],
  '/meson/:id': work(),
  '/meson/:id/imprimir': [{ subjects: slips, body: async () => ({}) }],
  '/meson/:id/comprobante': [{ subjects: slips }],
  '/llamada/:id': [{ subjects: handed('video') }],
  '/casos': [{}],
  '/casos/:id': [
    { subjects: histories, body: acted },
    { subjects: ownHistory, body: acted, formAlone: true },
  ],
  '/casos/:id/llave': work(),
  '/casos/:id/registro': work(async () => ({})),
  '/casos/:id/revision': [
    ...work(async (world, subject) => ({ ...(await sheetForm(world, subject)), acto: 'guardar' })),
    // What she ticked is kept whatever comes.
    ...work(async (world, subject) => ({ ...(await sheetForm(world, subject)), acto: 'aprobar' })).map((deed) => ({
      ...deed,
      keeps: 'evidence',
    })),
  ],
  '/casos/:id/rechazar': work(async () => ({ motivo: 'document-unreadable' })),
  '/casos/:id/alerta': work(async () => ({ palabras: 'algo raro' })),
  '/casos/:id/cortar': work(async () => ({})),
  '/casos/:id/excepcion': work(async () => ({ excepcion: 'no-card', palabras: 'viene sin su cédula' })),
  '/casos/:id/reemitir': [{ subjects: reissuable, body: acted }],
  '/segunda': [{}],
  '/segunda/:id': [
    { subjects: exceptions, body: decided },
    { subjects: reissues, body: decided },
  ],
  '/supervision': [{}],
  '/supervision/detenidas/:id': [{ subjects: holds, body: async () => ({ decision: 'released', ...reason }) }],
  '/supervision/muestra/:id': [
    { subjects: samples, body: async () => ({ dictamen: 'good', palabras: 'todo está como debe' }) },
  ],
  '/oficinas': [{}],
  '/turnos': [{ target: { agency: AGENCY }, body: shift }],
  '/turnos/quitar': [{ target: { agency: AGENCY }, body: standingShift }],
  '/cifras': [{}],
  '/cifras/exportar': [{ body: acted }],
  '/instituciones': [{}],
  '/instituciones/exportar': [{ target: { institution: 'muni' }, body: acted }],
  '/instituciones/propuestas/:id': [{ subjects: siteProposals, body: decided }],
  '/instituciones/:id/clientes/:clientId': [{ subjects: sites('sandbox') }],
  '/instituciones/:id/clientes/:clientId/intentos': [{ subjects: sites('sandbox') }],
  '/instituciones/:id/clientes/:clientId/uris': [
    { subjects: sites('sandbox'), body: async () => ({ retorno: 'https://x.example/cb', despues: '', ...reason }) },
  ],
  '/instituciones/:id/clientes/:clientId/funciones': [
    { subjects: sites('sandbox'), body: async () => ({ refresh: 'si', ...reason }) },
  ],
  '/instituciones/:id/clientes/:clientId/rotate': [{ subjects: sites('sandbox'), body: acted }],
  '/instituciones/:id/clientes/:clientId/certify': [{ subjects: sites('sandbox'), body: acted }],
  '/instituciones/:id/clientes/:clientId/suspend': [{ subjects: sites('sandbox'), body: acted }],
  '/instituciones/:id/clientes/:clientId/resume': [{ subjects: sites('suspended'), body: acted }],
  '/alertas': [{}],
  '/alertas/:id': [{ subjects: alert, body: async () => ({}) }],
  '/interruptores': [
    {
      body: async ({ app }) => {
        await app.live.db('proposals').where({ kind: 'switch' }).delete();
        return { interruptor: 'enrolment-stopped', detener: 'si', ...reason };
      },
    },
  ],
  '/interruptores/propuestas/:id': [
    { subjects: switchProposal('hers'), body: decided },
    { subjects: switchProposal('others'), body: decided },
  ],
};
