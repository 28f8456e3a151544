import { randomUUID } from 'node:crypto';
import test from 'ava';
import { AGAIN_LATELY, type Request } from '../../src/domain/enrolment.ts';
import { placesOf, type Office, type Shift } from '../../src/domain/schedule.ts';
import type { Run } from '../../src/domain/run.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { postgresEnrolments, type Enrolment } from '../../src/stores/enrolments.ts';
import { postgresOffices } from '../../src/stores/offices.ts';
import { memoryEnrolments, memoryOffices } from '../support/memory/enrolment.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, rotatedVault, someAccount, someRun } from '../support/memory/versions.ts';

const postgres = await realPostgres();
const tables = emptyTables();
const officer = someAccount();
await postgresAccounts(postgres.db, oldVault()).add(officer);
test.after.always(postgres.close);

const VERSIONS = {
  memory: { enrolments: memoryEnrolments(tables, write), offices: memoryOffices(tables, write) },
  postgres: { enrolments: postgresEnrolments(postgres.db, oldVault()), offices: postgresOffices(postgres.db) },
};
const request = (run: Run, differing: Partial<Request> = {}): Request => ({
  ...{ run, document: '100200300', email: `${run}@correo.example`, phone: '+56911112222', lang: 'es' },
  ...differing,
});
const NETWORK = `n${randomUUID()}`;
const fresh = (run: Run, differing: Partial<Request> = {}) => ({
  ...{ id: randomUUID(), request: request(run, differing), token: randomUUID(), network: NETWORK },
  ...{ createdAt: 1000, expiresAt: 9000 },
});
const citizen = { kind: 'citizen' } as const;
const clerk = { kind: 'officer', id: officer.id } as const;

for (const [name, { enrolments, offices }] of Object.entries(VERSIONS)) {
  const begun = async (run: Run, differing: Partial<Request> = {}): Promise<Enrolment> => {
    const one = fresh(run, differing);
    await enrolments.add(one);
    return (await enrolments.byId(one.id))!;
  };
  const confirmed = async (run: Run, differing: Partial<Request> = {}): Promise<Enrolment> =>
    (await enrolments.move(await begun(run, differing), {
      ...{ move: 'confirm-contact', by: citizen, at: 2000, set: { contactConfirmedAt: 2000 } },
    }))!;

  test(`${name}: a case comes back by its id, its token and its RUN, and by no other`, async (t) => {
    const run = someRun();
    const one = { ...fresh(run), channel: 'office', office: 'centro' } as const;
    await enrolments.add(one);
    const found = await enrolments.byId(one.id);
    t.like(found, {
      stage: 'requested',
      version: 1,
      request: one.request,
      channel: 'office',
      office: 'centro',
      sessions: 0,
    });
    t.deepEqual(await enrolments.byToken(one.token), found);
    t.deepEqual(await enrolments.ofRun(run), [found!]);
    t.is(await enrolments.byToken('another'), undefined);
    t.is(await enrolments.byId(randomUUID()), undefined);
    t.is(await enrolments.byId('no uuid'), undefined);
    t.deepEqual(await enrolments.ofRun(someRun()), []);
    await enrolments.replaceToken(one.id, 'newer');
    t.is(await enrolments.byToken(one.token), undefined);
    t.is((await enrolments.byToken('newer'))?.id, one.id);
  });

  test(`${name}, R-48: a move is made once, from where the case stands, and only as the table says`, async (t) => {
    const one = await begun(someRun());
    t.is(await enrolments.move(one, { move: 'start', by: clerk, at: 1500 }), undefined, 'not from here');
    t.is(await enrolments.move(one, { move: 'confirm-contact', by: clerk, at: 1500 }), undefined, 'not by her');
    const step = { move: 'confirm-contact', by: citizen, at: 2000, set: { contactConfirmedAt: 2000 } } as const;
    const all = await Promise.all(Array.from({ length: 10 }, () => enrolments.move(one, step)));
    const [won] = all.filter((now) => now !== undefined);
    t.is(all.filter((now) => now !== undefined).length, 1);
    t.like(won, {
      stage: 'contact-confirmed',
      version: 2,
      contactConfirmedAt: 2000,
      updatedAt: 2000,
      lastBy: undefined,
    });
    const drawn = await enrolments.move(won!, {
      ...{ move: 'start', by: clerk, at: 3000, set: { officer: officer.id, channel: 'video', sessions: 1 } },
    });
    t.like(drawn, { stage: 'in-session', officer: officer.id, lastBy: officer.id, channel: 'video', sessions: 1 });
    const left = await enrolments.move(drawn!, { move: 'break-off', by: clerk, at: 4000, set: { officer: null } });
    t.like(left, { stage: 'contact-confirmed', officer: undefined, sessions: 1 });
    t.deepEqual(await enrolments.history(one.id), [
      {
        move: 'confirm-contact',
        from: 'requested',
        to: 'contact-confirmed',
        by: { kind: 'citizen', id: undefined },
        at: 2000,
      },
      { move: 'start', from: 'contact-confirmed', to: 'in-session', by: { kind: 'officer', id: officer.id }, at: 3000 },
      {
        move: 'break-off',
        from: 'in-session',
        to: 'contact-confirmed',
        by: { kind: 'officer', id: officer.id },
        at: 4000,
      },
    ]);
  });

  test(`${name}, R-55: one live case of a RUN and a confirmed address; a stranger's address stops nobody`, async (t) => {
    const run = someRun();
    const stranger = await confirmed(run, { email: 'stranger@correo.example' });
    const own = await confirmed(run);
    t.deepEqual([stranger.stage, own.stage], ['contact-confirmed', 'contact-confirmed']);
    const again = await begun(run, { email: own.request.email!.toUpperCase() });
    const step = { move: 'confirm-contact', by: citizen, at: 2500, set: { contactConfirmedAt: 2500 } } as const;
    await t.throwsAsync(enrolments.move(again, step), { message: /one_open_case/ });
    t.truthy(await enrolments.move(own, { move: 'withdraw', by: citizen, at: 2600 }));
    t.truthy(await enrolments.move(again, step), 'now that the first has ended');
  });

  test(`${name}, R-58: what is alike is counted, and not itself`, async (t) => {
    const email = `${randomUUID()}@correo.example`;
    const network = randomUUID();
    const add = async (createdAt: number, domain: string) => {
      const one = { ...fresh(someRun(), { email }), network, domain, createdAt };
      await enrolments.add(one);
      return one.id;
    };
    const domain = `${randomUUID()}.example`;
    const id = await add(100, domain);
    await add(50, domain);
    await add(90, randomUUID());
    t.deepEqual(await enrolments.alike(id, { email: 40, others: 60 }), { sameEmail: 2, sameNetwork: 1, sameDomain: 0 });
  });

  test(`${name}, R-57, R-58: only other people who confirmed an address share it`, async (t) => {
    const email = `${randomUUID()}@correo.example`;
    const run = someRun();
    const one = await confirmed(run, { email });
    await begun(someRun(), { email });
    await begun(run, { email });
    t.is(await enrolments.sharing(one, 0), 0, 'whoever writes it shares nothing');
    await confirmed(someRun(), { email: email.toUpperCase() });
    t.is(await enrolments.sharing(one, 999), 1);
    t.is(await enrolments.sharing(one, 1000), 0, 'asked for before');
    t.is(await enrolments.sharing(await begun(someRun(), { email: undefined }), 0), 0);
  });

  // Alone: it deletes what others leave.
  test.serial(`${name}, R-79: what is over its time is told of, and deleted once it has ended`, async (t) => {
    const at = 5_000_000 + Math.floor(Math.random() * 1e6);
    const one = { ...fresh(someRun()), expiresAt: at };
    await enrolments.add(one);
    const mine = async () => (await enrolments.overdue(at, 1000)).filter(({ id }) => id === one.id);
    t.is((await enrolments.overdue(at - 1, 1000)).filter(({ id }) => id === one.id).length, 0);
    const [due] = await mine();
    await enrolments.sweep(at);
    t.truthy(await enrolments.byId(one.id), 'not before it has ended');
    t.truthy(await enrolments.move(due!, { move: 'expire', by: { kind: 'system' }, at }));
    t.deepEqual(await mine(), []);
    t.true((await enrolments.sweep(at)) >= 1);
    t.is(await enrolments.byId(one.id), undefined);
    const seen = await confirmed(someRun());
    const step = { by: clerk, at, set: { expiresAt: 1 } } as const;
    const inHand = (await enrolments.move(seen, { ...step, move: 'start-at-desk' }))!;
    const told = async () => (await enrolments.overdue(at, 1000)).some(({ id }) => id === seen.id);
    t.false(await told(), 'a session has to end first');
    await enrolments.move(inHand, { ...step, by: { kind: 'system' }, move: 'break-off' });
    t.true(await told());
  });

  test.serial(
    `${name}, R-53, R-54: who was identified is remembered for seven days, whenever her code ended`,
    async (t) => {
      const at = 900_000_000_000;
      const step = { by: clerk, at } as const;
      const seen = await enrolments.move(await confirmed(someRun()), { ...step, move: 'start-at-desk' });
      const known = await enrolments.move(seen!, { ...step, move: 'identify', set: { identifiedAt: at } });
      const three = at + AGAIN_LATELY - 4 * 86_400_000;
      const issued = await enrolments.move(known!, { ...step, move: 'issue-code', set: { expiresAt: three } });
      await enrolments.move(issued!, { move: 'expire', by: { kind: 'system' }, at: three });
      await enrolments.sweep(at + AGAIN_LATELY - 1);
      t.is((await enrolments.byId(seen!.id))?.identifiedAt, at);
      await enrolments.sweep(at + AGAIN_LATELY);
      t.is(await enrolments.byId(seen!.id), undefined);
    },
  );

  test(`${name}: R-63: offices are a list of one agency or of one region, sorted as one looks for them`, async (t) => {
    const region = `Región ${randomUUID()}`;
    const made = { id: '', address: 'Calle 1', region, hours: {}, closed: [] } as const;
    for (const [at, [agency, office, comuna]] of (
      [
        ['ips', 'Ñuble', 'Arica'],
        ['ips', 'Norte', 'Zapallar'],
        ['registro-civil', 'árbol', 'Maipú'],
      ] as const
    ).entries())
      await offices.put({ ...made, id: `${region.slice(-8)}-${String(at)}`, agency, name: office, comuna });
    const order = async (sort: 'name' | 'place', filter: object = { region }) => {
      const found = await offices.page({ region, ...filter }, { sort, desc: false, limit: 9 });
      return found.map(({ row }) => row.name).join();
    };
    t.is(await order('name'), 'árbol,Norte,Ñuble');
    t.is(await order('place'), 'Ñuble,árbol,Norte');
    t.is(await order('place', { agency: 'ips' }), 'Ñuble,Norte');
    t.is(await order('name', { region: 'ninguna' }), '');
    const [first] = await offices.page({ region }, { sort: 'place', desc: false, limit: 1 });
    t.deepEqual(first?.row, await offices.byId(first?.row.id ?? ''));
    const next = { sort: 'place', desc: false, limit: 1, place: first?.place } as const;
    t.is((await offices.page({ region }, next))[0]?.row.name, 'árbol');
    t.is(await offices.count({ region, agency: 'ips' }, 9), 2);
    t.is(await offices.count({ region }, 1), 1);
    t.true((await offices.regions({ agency: 'ips' })).includes(region));
  });

  test(`${name}: offices and rosters come back as they were put, one day in place of what it was`, async (t) => {
    const id = `o${randomUUID()}`;
    const office: Office = {
      ...{ id, agency: 'ips', name: 'IPS Centro', address: 'Calle 1', comuna: 'Arica', region: 'Arica y Parinacota' },
      ...{ hours: { 1: [[540, 840]] }, closed: ['2026-12-31'] },
    };
    await offices.put(office);
    t.deepEqual(await offices.byId(id), office);
    await offices.put({ ...office, name: 'IPS Norte' });
    t.is((await offices.list()).find((one) => one.id === id)?.name, 'IPS Norte');
    t.is(await offices.byId('none'), undefined);
    const shifts: readonly Shift[] = [
      { officer: officer.id, day: '2026-12-01', from: 540, to: 600, channel: 'video' },
      { officer: officer.id, day: '2026-12-01', from: 620, to: 840, channel: 'office', office: id },
    ];
    await offices.setShifts(officer.id, '2026-12-01', [shifts[0]!]);
    await offices.setShifts(officer.id, '2026-12-01', shifts);
    t.deepEqual(await offices.shifts({ from: '2026-12-01', to: '2026-12-01', officer: officer.id }), shifts);
    await offices.setShifts(officer.id, '2026-12-01', []);
    t.deepEqual(await offices.shifts({ from: '2026-11-01', to: '2026-12-31', officer: officer.id }), []);
  });
}

test('R-78: nothing of a case can be read in the table, and another master key finds and opens it', async (t) => {
  const run = someRun();
  const one = fresh(run);
  await VERSIONS.postgres.enrolments.add(one);
  const rows = await postgres.db('enrolments').where({ id: one.id }).select();
  t.is(rows.length, 1);
  const dump = JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data)
      ? Buffer.from(value.data as number[]).toString('latin1')
      : value,
  );
  for (const secret of [
    run,
    run.split('-')[0]!,
    one.request.document,
    one.request.email!,
    one.request.phone!,
    one.token,
  ])
    t.false(dump.includes(secret), secret);
  const rotated = postgresEnrolments(postgres.db, rotatedVault());
  t.deepEqual((await rotated.ofRun(run))[0]?.request, one.request);
  t.is((await rotated.byToken(one.token))?.id, one.id);
});

test('an officer’s working hours lead to places', (t) => {
  const shift: Shift = { officer: officer.id, day: '2026-12-01', from: 540, to: 600, channel: 'video' };
  t.is(placesOf({ day: '2026-12-01', channel: 'video', holiday: false, shifts: [shift] }).length, 3);
});
