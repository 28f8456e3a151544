import test from 'ava';
import type { Post } from '../../src/domain/post.ts';
import { parseRun, type Run } from '../../src/domain/run.ts';

import { REASONS, type Staff } from '../../src/domain/roles.ts';
import { enterConsole } from '../../src/flows/enter-console.ts';
import { actOnPerson } from '../../src/flows/person.ts';
import type { Actor } from '../../src/flows/permit.ts';
import { decideStaff, disableStaff, grantFirst, proposeStaff, recordTraining } from '../../src/flows/staff.ts';
import { decideSwitch, proposeSwitch } from '../../src/flows/switches.ts';
import { memoryParts, type Memory } from '../support/memory.ts';

const OFFICER = parseRun('7.654.321-6')!;
const CHIEF = parseRun('9.876.543-3')!;
const CITIZEN = parseRun('11.111.111-1')!;
const OTHER = parseRun('12.345.678-5')!;
const reason = { kind: REASONS[6], text: 'refuerzo para la oficina' };
const post = { roles: ['officer'], agency: 'registro-civil', office: 'Ñuñoa' } as const;

/** With the office of the invitations. */
async function house(): Promise<Memory> {
  const parts = await memoryParts();
  await parts.offices.put({
    ...{ id: 'nunoa', agency: 'registro-civil', name: 'Ñuñoa', address: 'Calle 1', comuna: 'Ñuñoa', region: 'RM' },
    ...{ hours: {}, closed: [] },
  });
  await parts.offices.put({
    ...{ id: 'valdivia', agency: 'ips', name: 'Valdivia', address: 'Calle 2', comuna: 'Valdivia', region: 'Los Ríos' },
    ...{ hours: {}, closed: [] },
  });
  return parts;
}

const idOf = async (parts: Memory, run: Run) => (await parts.accounts.forLogin(run))!.account.id;
async function actor(parts: Memory, run: Run, differing: Partial<Staff> = {}): Promise<Actor> {
  const staff = (await parts.staff.byId(await idOf(parts, run)))!;
  return { staff: { ...staff, ...differing }, provedAt: parts.clock(), requestId: 'r-1', network: '10.0.0.0/24' };
}
/** Somebody else who may decide. */
async function second(parts: Memory): Promise<Actor> {
  const granted = await grantFirst(parts, { run: OTHER, post: { roles: ['operator'] }, always: true });
  if (granted.kind !== 'granted') throw new Error(granted.kind);
  return actor(parts, OTHER, { state: 'active' });
}

test('R-64: one invites, a second person agrees, and only then she is invited', async (t) => {
  const parts = await house();
  const her = await idOf(parts, CITIZEN);
  const chief = await actor(parts, CHIEF);
  const proposed = await proposeStaff(parts, chief, { run: CITIZEN, post, reason });
  t.is(proposed.kind, 'proposed');
  const id = proposed.kind === 'proposed' ? proposed.id : '';
  t.is(await parts.staff.byId(her), undefined);
  t.deepEqual(await proposeStaff(parts, chief, { run: CITIZEN, post, reason }), { kind: 'waiting' });

  t.deepEqual(await decideStaff(parts, chief, { id, agreed: true }), { kind: 'denied', lacks: 'other' });
  t.is(await parts.staff.byId(her), undefined, 'nobody agrees with herself');
  const other = await second(parts);
  t.deepEqual(await decideStaff(parts, other, { id, agreed: true }), { kind: 'decided' });
  t.like(await parts.staff.byId(her), { roles: ['officer'], office: 'nunoa', state: 'invited' });
  t.deepEqual(await decideStaff(parts, other, { id, agreed: true }), { kind: 'gone' }, 'once');

  const kinds = (await parts.audit.ofAccount(her, 10)).map(({ kind, actorId }) => [kind, actorId]);
  t.deepEqual(kinds, [
    ['staff-decided', other.staff.accountId],
    ['staff-denied', chief.staff.accountId],
    ['staff-proposed', chief.staff.accountId],
  ]);
});

test('an office that is not there, or is another agency’s, is no place to work: whoever came there would wait in a line of nobody', async (t) => {
  const parts = await house();
  const chief = await actor(parts, CHIEF);
  const noOffice = { kind: 'faulty', fault: 'no-office' } as const;
  for (const office of ['Ñuñoa Centro', 'NUNOA'])
    t.deepEqual(
      await proposeStaff(parts, chief, { run: CITIZEN, post: { ...post, office }, reason }),
      noOffice,
      office,
    );
  const elsewhere = { ...post, agency: 'ips' } as const;
  t.deepEqual(await grantFirst(parts, { run: CITIZEN, post: elsewhere, always: true }), noOffice);
  t.is(await parts.staff.byId(await idOf(parts, CITIZEN)), undefined);
  for (const office of ['nunoa', 'Ñuñoa']) {
    t.deepEqual(await grantFirst(parts, { run: CITIZEN, post: { ...post, office }, always: true }), {
      kind: 'granted',
    });
    t.is((await parts.staff.byId(await idOf(parts, CITIZEN)))?.office, 'nunoa', office);
  }
});

test('R-64: what nobody decides within a day is over; a no changes nothing', async (t) => {
  const parts = await house();
  const chief = await actor(parts, CHIEF);
  const late = await proposeStaff(parts, chief, { run: CITIZEN, post, reason });
  parts.travel(24 * 3_600_000 + 1);
  const other = await second(parts);
  t.deepEqual(await decideStaff(parts, other, { id: late.kind === 'proposed' ? late.id : '', agreed: true }), {
    kind: 'gone',
  });
  const again = await proposeStaff(parts, await actor(parts, CHIEF), { run: CITIZEN, post, reason });
  t.is(again.kind, 'proposed');
  const refused = await decideStaff(parts, other, { id: again.kind === 'proposed' ? again.id : '', agreed: false });
  t.deepEqual(refused, { kind: 'decided' });
  t.is(await parts.staff.byId(await idOf(parts, CITIZEN)), undefined);
});

test('R-54, R-63: nobody touches her own role, another agency’s people, or anything without a reason or a fresh passkey', async (t) => {
  const parts = await house();
  const chief = await actor(parts, CHIEF, { roles: ['supervisor'] });
  const lacks = async (who: Actor, wish: Partial<Parameters<typeof proposeStaff>[2]>) => {
    const outcome = await proposeStaff(parts, who, { run: CITIZEN, post, reason, ...wish });
    return outcome.kind === 'denied' ? outcome.lacks : outcome.kind;
  };
  t.is(await lacks(chief, { run: CHIEF }), 'other');
  t.is(await lacks(chief, { post: { ...post, agency: 'ips' } }), 'other');
  t.is(await lacks(chief, { reason: { kind: 'case', text: 'sí' } }), 'reason');
  t.is(await lacks({ ...chief, provedAt: parts.clock() - 301_000 }, {}), 'fresh');
  t.is(await lacks(await actor(parts, OFFICER), {}), 'role');
  t.is((await parts.audit.ofAccount(await idOf(parts, CITIZEN), 10)).length, 4, 'each no about her is recorded');
  t.is(await lacks(chief, { run: parseRun('22.222.222-2') }), 'faulty');
  t.is(await lacks(chief, { post: { roles: ['officer'] } }), 'faulty');
});

test('R-63, R-64: a supervisor gives no post that reaches beyond her agency, and takes nobody from where she is', async (t) => {
  const parts = await house();
  const chief = await actor(parts, CHIEF, { roles: ['supervisor'] });
  await grantFirst(parts, { run: OTHER, post: { ...post, roles: ['supervisor'] }, always: true });
  const other = await actor(parts, OTHER, { state: 'active' });
  const her = await idOf(parts, CITIZEN);
  const tried = async (wish: Post) => {
    const outcome = await proposeStaff(parts, chief, { run: CITIZEN, post: wish, reason });
    return outcome.kind === 'denied' ? outcome.lacks : outcome.kind;
  };
  const beyond: readonly Post[] = [
    { ...post, roles: ['operator'] },
    { ...post, roles: ['officer', 'auditor'] },
    { ...post, roles: ['institution'], institution: 'Municipalidad de Los Robles' },
  ];
  for (const wish of beyond) t.is(await tried(wish), 'other', wish.roles.join());
  // Whoever works for all agencies, or for another one, stays what she is.
  const posts: readonly Post[] = [{ roles: ['auditor'] }, { roles: ['officer'], agency: 'ips', office: 'Valdivia' }];
  for (const before of posts) {
    await grantFirst(parts, { run: CITIZEN, post: before, always: true });
    t.is(await tried(post), 'other', before.roles.join());
    t.like(await parts.staff.byId(her), { roles: before.roles, agency: before.agency });
  }
  // And who has gone may be taken on.
  await parts.staff.setState(her, 'disabled', parts.clock());
  t.is(await tried(post), 'proposed');

  // What was proposed before somebody else gave her a post is judged as she stands now.
  const [waiting] = await parts.proposals.open(parts.clock());
  await grantFirst(parts, { run: CITIZEN, post: { roles: ['operator'] }, always: true });
  t.deepEqual(await decideStaff(parts, other, { id: waiting!.id, agreed: true }), { kind: 'denied', lacks: 'other' });
  t.like(await parts.staff.byId(her), { roles: ['operator'] });
});

test('R-64: disabling takes one person and a reason; training is recorded by a supervisor', async (t) => {
  const parts = await memoryParts();
  const [chief, her] = [await actor(parts, CHIEF), await idOf(parts, OFFICER)];
  parts.travel(1000);
  t.deepEqual(await recordTraining(parts, chief, her), { kind: 'done' });
  t.is((await parts.staff.byId(her))?.trainedAt, parts.tables.staff.get(her)?.trainedAt);
  t.deepEqual(await disableStaff(parts, chief, { accountId: her, reason }), { kind: 'done' });
  t.is((await parts.staff.byId(her))?.state, 'disabled');
  t.deepEqual(await disableStaff(parts, await actor(parts, OFFICER), { accountId: chief.staff.accountId, reason }), {
    kind: 'denied',
    lacks: 'role',
  });
});

test('R-64: the beginning works until two could decide together', async (t) => {
  const parts = await memoryParts({ empty: true });
  const demo = await memoryParts();
  const grant = (run: Run, always = false) => grantFirst(demo, { run, post: { roles: ['operator'] }, always });
  t.is((await parts.staff.list({})).length, 0);
  t.deepEqual(await grant(CITIZEN), { kind: 'granted' }, 'there is one so far');
  t.deepEqual(await grant(OTHER), { kind: 'house-is-full' });
  t.deepEqual(await grant(OTHER, true), { kind: 'granted' }, 'in the emulator always');
  t.deepEqual(await grant(parseRun('22.222.222-2')!, true), { kind: 'nobody' });
});

test('R-100: a switch is flipped by two, and both are recorded', async (t) => {
  const parts = await house();
  const chief = await actor(parts, CHIEF);
  const wish = { name: 'recovery-stopped', flipped: true, reason } as const;
  const proposed = await proposeSwitch(parts, chief, wish);
  const id = proposed.kind === 'proposed' ? proposed.id : '';
  t.deepEqual(await decideSwitch(parts, chief, { id, agreed: true }), { kind: 'denied', lacks: 'other' });
  t.deepEqual([...(await parts.switches.flipped())], []);
  t.deepEqual(await decideSwitch(parts, await second(parts), { id, agreed: true }), { kind: 'decided' });
  t.deepEqual([...(await parts.switches.flipped())], ['recovery-stopped']);
  const kinds = [...parts.tables.audit.values()].map(({ kind }) => kind).filter((kind) => kind.startsWith('switch'));
  t.deepEqual(kinds, ['switch-proposed', 'switch-flipped']);
});

test('R-64, R-73: who comes after thirty days finds her post disabled, and that is recorded', async (t) => {
  const parts = await memoryParts();
  const accountId = await idOf(parts, OFFICER);
  parts.travel(31 * 86_400_000);
  const arrival = { accountId, acr: 'urn:claveunica:video:2fr', requestId: 'r-1', network: '10.0.0.0/24' };
  const events = () =>
    [...parts.tables.audit.values()]
      .filter((one) => one.accountId === accountId || one.actorId === accountId)
      .map(({ kind, details }) => [kind, details]);
  t.deepEqual(await enterConsole(parts, arrival), { kind: 'not-staff' });
  t.is((await parts.staff.byId(accountId))?.state, 'disabled');
  t.deepEqual(events(), [
    ['staff-disabled', { why: 'dormant' }],
    ['staff-denied', { act: 'enter', lacks: 'not-staff' }],
  ]);
});

test('R-73: to block who is blocked already is nothing: nothing of hers ends without a record', async (t) => {
  const parts = await memoryParts();
  const accountId = await idOf(parts, CITIZEN);
  await parts.accounts.setStatus(accountId, 'blocked', parts.clock());
  const session = { accountId, at: parts.clock(), network: '10.0.0.0/24', device: 'Chrome', agent: 'x', shared: false };
  await parts.sessions.begin({ ...session, uid: 'a' }, 10);
  const officer = await actor(parts, OFFICER);
  t.deepEqual(await actOnPerson(parts, officer, { accountId, act: 'block', reason }), { kind: 'gone' });
  t.is((await parts.sessions.list(accountId, 0))[0]?.endedAt, undefined);
});
