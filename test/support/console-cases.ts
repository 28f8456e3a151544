import { randomUUID } from 'node:crypto';
import { EMPTY_SHEET, type Channel, type Sheet } from '../../src/domain/checklist.ts';
import type { Run } from '../../src/domain/run.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { endCase } from '../../src/flows/end-case.ts';
import type { Actor } from '../../src/flows/permit.ts';
import { openRoom } from '../../src/flows/room.ts';
import type { Plan } from '../../src/stores/proposals.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import { colleague, OFFICE, person, type Person, type Subject, type World } from './console-world.ts';
import { CARD, DOCUMENT, FULL, GOOD, registrySaying } from './desk.ts';

type Case = Person & { readonly id: string };
/** So long ago a session began that nobody has hurried. */
const AGO = 90_000;

/** She asked, and confirmed her address. */
export async function asks(world: World, who?: Person, mailless = false): Promise<Case> {
  const { enrolments, clock } = world.app.parts;
  const [id, at] = [randomUUID(), clock() - AGO];
  const { accountId, run } = who ?? (await person(world));
  const email = mailless ? undefined : `${id}@correo.example`;
  const request = { run, document: DOCUMENT, ...(email !== undefined && { email }), lang: 'es' } as const;
  await enrolments.add({ id, request, token: id, network: id, createdAt: at, expiresAt: at + 3_600_000 });
  const asked = (await enrolments.byId(id))!;
  await enrolments.move(asked, {
    ...{ move: 'confirm-contact', by: { kind: 'citizen' }, at, set: { contactConfirmedAt: at } },
  });
  return { id, accountId, run };
}

/** An officer at her desk, trained, with her passkey just shown. */
async function clerk({ app: { parts } }: World, accountId: string): Promise<Actor> {
  const [staff, now] = [(await parts.staff.byId(accountId))!, parts.clock()];
  return {
    ...{ staff: { ...staff, roles: ['officer'], trainedAt: now }, provedAt: now },
    ...{ requestId: randomUUID(), network: '' },
  };
}

/** Whoever is with her goes: an officer has one at a time. */
async function freeHands({ app: { parts } }: World, officer: string): Promise<void> {
  const [open, at] = [await parts.evidence.inHand(officer), parts.clock()];
  if (!open) return;
  await parts.evidence.end(open.id, open.version, { work: open.work, result: 'broken-off', at });
  const was = (await parts.enrolments.byId(open.caseId))!;
  await parts.enrolments.move(was, { move: 'break-off', by: { kind: 'officer', id: officer }, at });
}

type Wish = {
  readonly officer: string;
  readonly channel?: Channel;
  readonly who?: Person;
  readonly mailless?: boolean;
};
type Session = Case & { readonly evidenceId: string };

/** Drawn for that officer, and before her. */
async function inSession(world: World, { officer, channel = 'office', who, mailless }: Wish): Promise<Session> {
  const { parts } = world.app;
  const asked = await asks(world, who, mailless);
  await freeHands(world, officer);
  const [evidenceId, at] = [randomUUID(), parts.clock() - AGO];
  await parts.enrolments.move((await parts.enrolments.byId(asked.id))!, {
    ...{ move: channel === 'office' ? 'start-at-desk' : 'start', by: { kind: 'officer', id: officer }, at },
    set: { channel, office: channel === 'office' ? OFFICE : null, officer, sessions: 1 },
  });
  await parts.evidence.open({
    ...{ id: evidenceId, caseId: asked.id, session: 1, channel, office: OFFICE, officer, drawn: [], startedAt: at },
    // One person is tried on again and again.
    work: { sheet: EMPTY_SHEET, exceptions: [{ kind: 'again-soon', by: officer, at }] },
  });
  const hours = { opensAt: at, closesAt: at + 3_600_000 };
  if (channel === 'video')
    await parts.transaction((tx) => openRoom(tx, { ...hours, caseId: asked.id, chance: parts.chance }));
  return { ...asked, evidenceId };
}

const sheetOf = (run: Run): Sheet => ({ ...FULL, mrz: cardOf({ ...CARD, run }) });
/** All that can be ticked, as the page shows it now, with the card of whose case it is; the registry must say that she is good. */
export async function sheetForm({ app }: World, { id, run }: Subject): Promise<Readonly<Record<string, string>>> {
  const { ticks, mrz, issued, coercion } = run ? sheetOf(run) : FULL;
  const [newest] = await app.parts.evidence.ofCase(id);
  const vista = String(newest?.version ?? 0);
  return { ...Object.fromEntries(ticks.map((tick) => [tick, 'si'])), mrz, issued, coercion, vista };
}

/** Identified by that officer; a code waits on a slip. */
async function approved(world: World, wish: Omit<Wish, 'channel'>): Promise<Session> {
  const one = await inSession(world, wish);
  const parts = { ...world.app.parts, civilRegistry: registrySaying(() => GOOD) };
  const about = { caseId: one.id, sheet: sheetOf(one.run) };
  const outcome = await approveCase(parts, await clerk(world, wish.officer), about);
  if (outcome.kind !== 'approved') throw new Error(JSON.stringify(outcome));
  return one;
}

/** In her hand, in another's, in nobody's. */
export const handed =
  (channel: Channel) =>
  async (world: World): Promise<readonly Subject[]> => {
    const [officer, other] = [world.me.accountId, await colleague(world)];
    const mine = await inSession(world, { officer, channel });
    const others = await inSession(world, { officer: other, channel });
    const free = await asks(world);
    return [
      { ...{ name: 'in her hand', ...mine }, target: { accountId: mine.accountId, drawnFor: officer } },
      {
        ...{ name: 'in another’s hand', ...others, unseen: true },
        target: { accountId: others.accountId, drawnFor: other },
      },
      { name: 'in nobody’s hand', ...free, unseen: true, target: { accountId: free.accountId } },
    ];
  };
/** The line never gives her that; if it did, she could do nothing with it. */
export async function aboutHerself(world: World): Promise<readonly Subject[]> {
  const { me } = world;
  const own = await inSession(world, { officer: me.accountId, who: me });
  const target = { accountId: me.accountId, drawnFor: me.accountId };
  return [{ name: 'about herself', ...own, target, unseen: true }];
}

export async function slips(world: World): Promise<readonly Subject[]> {
  const { me } = world;
  const other = await colleague(world);
  const hers = await approved(world, { officer: me.accountId });
  const others = await approved(world, { officer: other });
  const none = await asks(world);
  const own = await approved(world, { officer: other, who: me });
  return [
    { name: 'of whom she approved', ...hers, target: { accountId: hers.accountId } },
    { name: 'of whom another approved', ...others, target: { accountId: others.accountId }, unseen: true },
    { name: 'of nobody yet', ...none, target: { accountId: none.accountId }, unseen: true },
    { name: 'her own', ...own, target: { accountId: me.accountId } },
  ];
}

/** Without any address: the second code is printed by somebody else of that office. */
export async function secondCodes(world: World): Promise<readonly Subject[]> {
  const { me } = world;
  const other = await colleague(world);
  const hers = await approved(world, { officer: me.accountId, mailless: true });
  const others = await approved(world, { officer: other, mailless: true });
  const own = await approved(world, { officer: other, who: me, mailless: true });
  const about = { proposedBy: other, office: OFFICE };
  return [
    { name: 'of whom another approved', ...others, target: { ...about, accountId: others.accountId } },
    {
      name: 'of whom she approved',
      ...hers,
      target: { ...about, accountId: hers.accountId, proposedBy: me.accountId },
    },
    { name: 'her own', ...own, target: { ...about, accountId: me.accountId } },
  ];
}

export async function histories(world: World): Promise<readonly Subject[]> {
  const one = await asks(world);
  return [{ name: 'of somebody', ...one, target: { accountId: one.accountId } }];
}
export async function ownHistory(world: World): Promise<readonly Subject[]> {
  const one = await asks(world, world.me);
  return [{ name: 'her own', ...one, target: { accountId: one.accountId } }];
}

export async function reissuable(world: World): Promise<readonly Subject[]> {
  const other = await colleague(world);
  const lost = await approved(world, { officer: other });
  const never = await asks(world);
  const own = await approved(world, { officer: other, who: world.me });
  return [
    { name: 'a code that was lost', ...lost, target: { accountId: lost.accountId } },
    { name: 'no code yet', ...never, target: { accountId: never.accountId }, unseen: true },
    { name: 'her own', ...own, target: { accountId: own.accountId } },
  ];
}

type Asking = { readonly plan: Plan; readonly by: string };
async function proposed({ app: { parts } }: World, { id: subject }: Case, { plan, by }: Asking): Promise<string> {
  const [id, now] = [randomUUID(), parts.clock()];
  const about = { subject, plan, reason: 'viene sin su cédula', proposedBy: by };
  await parts.proposals.add({ id, ...about, proposedAt: now, expiresAt: now + 3_600_000 });
  return id;
}
const exceptionOf = ({ evidenceId }: Session): Plan => ({
  kind: 'exception',
  session: evidenceId,
  exception: 'no-card',
});

export async function exceptions(world: World): Promise<readonly Subject[]> {
  const { me } = world;
  const [near, far] = [await colleague(world), await colleague(world)];
  const others = await inSession(world, { officer: near });
  const asked = await inSession(world, { officer: far });
  const mine = await inSession(world, { officer: me.accountId });
  const own = await inSession(world, { officer: await colleague(world), who: me });
  const all = [
    { name: 'asked for by another', session: others, by: near, judged: near },
    { name: 'asked for by herself', session: asked, by: me.accountId, judged: me.accountId },
    { name: 'of her own session', session: mine, by: near, judged: me.accountId },
    { name: 'about herself', session: own, by: near, judged: near },
  ];
  return Promise.all(
    all.map(async ({ name, session, by, judged }) => ({
      ...{ name, id: await proposed(world, session, { plan: exceptionOf(session), by }) },
      target: { accountId: session.accountId, proposedBy: judged },
    })),
  );
}
export async function reissues(world: World): Promise<readonly Subject[]> {
  const { me } = world;
  const other = await colleague(world);
  const [lost, hers] = [await approved(world, { officer: other }), await approved(world, { officer: other })];
  const plan: Plan = { kind: 'reissue' };
  return [
    {
      ...{
        name: 'a code that another asked for',
        id: await proposed(world, lost, { plan, by: await colleague(world) }),
      },
      target: { accountId: lost.accountId, proposedBy: other },
    },
    {
      ...{ name: 'a code that she asked for', id: await proposed(world, hers, { plan, by: me.accountId }) },
      target: { accountId: hers.accountId, proposedBy: me.accountId },
    },
  ];
}

/** Path and target of these are a case's. */
export async function holds(world: World): Promise<readonly Subject[]> {
  const { me } = world;
  const other = await colleague(world);
  const held = async (officer: string, who?: Person): Promise<Session> => {
    const one = await inSession(world, { officer, ...(who && { who }) });
    const way = { result: 'held', words: 'alguien le dictaba' } as const;
    const outcome = await endCase(world.app.parts, await clerk(world, officer), { caseId: one.id, way });
    if (outcome.kind !== 'ended') throw new Error(outcome.kind);
    return one;
  };
  const others = await held(other);
  const hers = await held(me.accountId);
  const own = await held(other, me);
  const free = await asks(world);
  return [
    { name: 'stopped by another', ...others, target: { accountId: others.accountId, proposedBy: other } },
    { name: 'stopped by herself', ...hers, target: { accountId: hers.accountId, proposedBy: me.accountId } },
    { name: 'about herself', ...own, target: { accountId: me.accountId, proposedBy: other } },
    { name: 'that nobody stopped', ...free, target: { accountId: free.accountId } },
  ];
}

/** Their paths name a session, not a case. */
export async function samples(world: World): Promise<readonly Subject[]> {
  const { me } = world;
  const other = await colleague(world);
  const all = [
    { name: 'of another’s approval', officer: other, session: await approved(world, { officer: other }) },
    { name: 'of her own', officer: me.accountId, session: await approved(world, { officer: me.accountId }) },
    { name: 'about herself', officer: other, session: await approved(world, { officer: other, who: me }) },
  ];
  const { supervision, clock } = world.app.parts;
  for (const { session } of all) await supervision.draw(session.evidenceId, clock());
  return all.map(({ name, officer, session: { evidenceId, accountId } }) => ({
    ...{ name, id: evidenceId, target: { accountId, proposedBy: officer } },
  }));
}
