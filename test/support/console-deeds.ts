import { randomUUID } from 'node:crypto';
import type { ClientState } from '../../src/domain/client.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Role, Staff, Target } from '../../src/domain/roles.ts';
import { staffBrowser } from './console.ts';
import { someAccount } from './memory/versions.ts';
import type { serve } from './serve.ts';

type App = Awaited<ReturnType<typeof serve>>;

/** Who tries, and all that can be tried on. */
export type World = {
  readonly app: App;
  readonly me: { readonly accountId: string; readonly run: Run };
};
export type Subject = { readonly name: string; readonly id: string; readonly target: Target };

type Deed = {
  /** The objects that a path can name; who is asked about them judges by `target`. */
  readonly subjects?: (world: World) => Promise<readonly Subject[]>;
  /** What a form says that can be done; without, the page is only looked at. */
  readonly body?: (world: World) => Promise<Readonly<Record<string, string>>>;
  /** Of a path without an object: what its form is about. */
  readonly target?: Target;
  /** Objects that are there, but not for her: whatever her role, she hears that there is nothing. */
  readonly unseen?: true;
  /** What a form that is let through is answered, where that is not a page or a way on. */
  readonly says?: readonly number[];
};

const reason = { motivo: 'citizen-asks', palabras: 'probar la tabla de permisos' };
const AGENCY = 'ips';

/** An active person with a RUN of her own. */
async function person({ app }: Pick<World, 'app'>) {
  const account = someAccount();
  await app.parts.accounts.addAll([account]);
  return { accountId: account.id, run: account.person.run };
}
async function colleague(world: World, agency: Staff['agency']): Promise<string> {
  const { accountId } = await person(world);
  const now = world.app.parts.clock();
  await world.app.parts.staff.put(
    { accountId, roles: ['officer'], agency, office: 'Ñuñoa', state: 'active', createdAt: now },
    now,
  );
  return accountId;
}
type Proposed = { readonly plan: 'staff' | 'switch'; readonly by: string; readonly agency?: Staff['agency'] };
async function proposal(world: World, { plan, by, agency }: Proposed) {
  const id = randomUUID();
  const subject = plan === 'staff' ? (await person(world)).accountId : 'recovery-stopped';
  const now = world.app.parts.clock();
  // One of a switch waits at a time.
  if (plan === 'switch') await world.app.live.db('proposals').where({ kind: 'switch' }).delete();
  await world.app.parts.proposals.add({
    ...{ id, subject, reason: 'hace falta', proposedBy: by, proposedAt: now, expiresAt: now + 3_600_000 },
    plan: plan === 'staff' ? { kind: 'staff', roles: ['auditor'], agency } : { kind: 'switch', flipped: true },
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
    ['her own', world.me.accountId, AGENCY],
    ['another’s', stranger, AGENCY],
    ['of another agency', stranger, 'registro-civil'],
  ] as const;
  return Promise.all(
    made.map(async ([name, by, agency]) => {
      const { id, subject } = await proposal(world, { plan: 'staff', by, agency });
      return { name, id, target: { accountId: subject, agency, proposedBy: by } };
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
    await app.live.db('proposals').where({ kind: 'client' }).delete();
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

/** A case that was drawn for nobody, or for somebody else. */
const strangersCase = async (world: World): Promise<readonly Subject[]> => {
  const [id, now] = [randomUUID(), world.app.parts.clock()];
  const request = { run: (await person(world)).run, document: '100200300', lang: 'es' } as const;
  await world.app.parts.enrolments.add({
    ...{ id, request, token: randomUUID(), network: '', createdAt: now, expiresAt: now + 3_600_000 },
  });
  return [{ name: 'a case that is not hers', id, target: {} }];
};
const nothing = async () => ({});
const SHIFT = { dia: '2030-01-07', desde: '09:00', hasta: '10:00', canal: 'video' };
const shift = async (world: World) => ({ ...SHIFT, funcionario: await colleague(world, AGENCY), oficina: '' });

const acted = async () => reason;
const decided = async () => ({ decision: 'si' });

/**
 * For each path of the console what can be tried on it. A new one must say it here: `test/web/matrix.test.ts` fails as
 * long as it does not.
 */
export const DEEDS: Readonly<Record<string, readonly Deed[]>> = {
  '/': [{}],
  '/personas': [{ body: async (world) => ({ run: (await person(world)).run, ...reason }) }],
  '/personas/:id/send-recovery': [{ subjects: reachable, body: acted }],
  '/personas/:id/block': [{ subjects: records, body: acted }],
  '/personas/:id/unblock': [{ subjects: blocked, body: acted }],
  '/personas/:id/end-sessions': [{ subjects: records, body: acted }],
  '/personas/:id/open-case': [{ subjects: records, body: acted }],
  '/auditoria': [{ body: async () => ({ run: '', tipo: '', desde: '', hasta: '', ...reason }) }],
  '/funcionarios': [{}],
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
  '/agenda/siguiente': [{ body: async () => ({ canal: 'office' }), says: [200, 303, 409, 422] }],
  '/meson': [{}],
  '/meson/llegada': [{ body: async (world) => ({ run: (await person(world)).run }), says: [200, 303, 422] }],
  '/meson/solicitud': [
    {
      body: async (world) => ({ run: (await person(world)).run, documento: '100200300', email: '', telefono: '' }),
      says: [200, 303, 422],
    },
  ],
  '/meson/:id': [{ subjects: strangersCase, unseen: true }],
  '/meson/:id/imprimir': [{ subjects: strangersCase, unseen: true, body: nothing }],
  '/meson/:id/comprobante': [{ subjects: strangersCase, unseen: true }],
  '/llamada/:id': [{ subjects: strangersCase, unseen: true }],
  '/casos/:id': [{ subjects: strangersCase, body: acted }],
  '/casos/:id/llave': [{ subjects: strangersCase, unseen: true }],
  '/casos/:id/registro': [{ subjects: strangersCase, unseen: true, body: nothing }],
  '/casos/:id/revision': [{ subjects: strangersCase, unseen: true, body: async () => ({ acto: 'guardar' }) }],
  '/casos/:id/rechazar': [
    { subjects: strangersCase, unseen: true, body: async () => ({ motivo: 'document-unreadable' }) },
  ],
  '/casos/:id/alerta': [{ subjects: strangersCase, unseen: true, body: async () => ({ palabras: 'algo raro' }) }],
  '/casos/:id/cortar': [{ subjects: strangersCase, unseen: true, body: nothing }],
  '/casos/:id/excepcion': [
    { subjects: strangersCase, unseen: true, body: async () => ({ excepcion: 'no-card', palabras: 'sin cédula' }) },
  ],
  '/casos/:id/reemitir': [{ subjects: strangersCase, unseen: true, body: acted }],
  '/segunda': [{}],
  '/segunda/:id': [{ subjects: strangersCase, unseen: true, body: decided }],
  '/supervision': [{}],
  '/supervision/detenidas/:id': [
    { subjects: strangersCase, unseen: true, body: async () => ({ decision: 'released', ...reason }) },
  ],
  '/supervision/muestra/:id': [{ subjects: strangersCase, unseen: true, body: async () => ({ dictamen: 'good' }) }],
  '/turnos': [{ target: { agency: AGENCY }, body: shift, says: [200, 303, 422] }],
  '/turnos/quitar': [
    {
      target: { agency: AGENCY },
      body: async (world) => ({ funcionario: await colleague(world, AGENCY), dia: SHIFT.dia, desde: SHIFT.desde }),
      says: [200, 303, 410, 422],
    },
  ],
  '/cifras': [{}],
  '/instituciones': [{}],
  '/instituciones/propuestas/:id': [{ subjects: siteProposals, body: decided }],
  '/instituciones/:id/clientes/:clientId': [{ subjects: sites('sandbox') }],
  '/instituciones/:id/clientes/:clientId/uris': [
    { subjects: sites('sandbox'), body: async () => ({ retorno: 'https://x.example/cb', despues: '', ...reason }) },
  ],
  '/instituciones/:id/clientes/:clientId/rotate': [{ subjects: sites('sandbox'), body: acted }],
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

/** Somebody of one role alone, signed in just now: of an agency, an institution, trained. */
export async function member(app: App, role: Role) {
  const account = someAccount();
  await app.parts.accounts.addAll([account]);
  const now = app.parts.clock();
  const { run } = account.person;
  const post = { agency: AGENCY, office: 'Ñuñoa', institution: 'muni', trainedAt: now } as const;
  const browser = await staffBrowser(app, run, { roles: [role], ...post });
  const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get('/')).text)?.[1] ?? '';
  return { ...browser, csrf, run, staff: (await app.parts.staff.byId(account.id))! };
}
export type Member = Awaited<ReturnType<typeof member>>;
