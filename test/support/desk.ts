import { randomUUID } from 'node:crypto';
import { TICKS, type Channel, type Sheet } from '../../src/domain/checklist.ts';
import type { CivilRegistry } from '../../src/domain/registry.ts';
import { parseRun, type Run } from '../../src/domain/run.ts';
import type { Actor } from '../../src/flows/permit.ts';
import { grantFirst } from '../../src/flows/staff.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import { memoryParts, type Memory } from './memory.ts';

export const OFFICER = parseRun('7.654.321-6')!;
export const CHIEF = parseRun('9.876.543-3')!;
export const PEDRO = parseRun('22.222.222-2')!;
export const DOCUMENT = '100200300';

export const idOf = async (parts: Memory, run: Run) => (await parts.accounts.forLogin(run))!.account.id;

export async function actorOf(parts: Memory, run: Run): Promise<Actor> {
  const staff = (await parts.staff.byId(await idOf(parts, run)))!;
  return { staff, provedAt: parts.clock(), requestId: 'r-1', network: '10.0.0.0/24' };
}

/** Somebody else with that post, trained. */
export async function colleague(parts: Memory, run: Run, roles: Actor['staff']['roles']): Promise<Actor> {
  // Its name is its id here, as the lines of these tests call it.
  const name = 'Registro Civil Santiago Centro';
  await parts.offices.put({
    ...{ id: name, agency: 'registro-civil', name, address: '', comuna: '', region: '', hours: {}, closed: [] },
  });
  await grantFirst(parts, {
    run,
    post: { roles, agency: 'registro-civil', office: name },
    always: true,
  });
  const id = await idOf(parts, run);
  await parts.staff.setState(id, 'active', parts.clock());
  await parts.staff.setTrained(id, parts.clock());
  return actorOf(parts, run);
}

type Answer = Awaited<ReturnType<CivilRegistry['check']>>;
/** A registry that says what the test wants. */
export function registrySaying(answer: () => Answer): CivilRegistry {
  return { check: async () => answer() };
}

export const GOOD = {
  ...{ kind: 'good', names: ['Pedro', 'Antonio'], surnames: ['Soto', 'Vidal'], birthdate: '1992-01-20' },
  expiry: '2039-12-31',
} as const satisfies Answer;

export const CARD = {
  ...{ run: PEDRO, number: DOCUMENT, birthdate: '1992-01-20', expiry: '2039-12-31' },
  ...{ names: ['Pedro', 'Antonio'], surnames: ['Soto', 'Vidal'] },
};
/** All that can be ticked, with his own card. */
export const FULL: Sheet = { ticks: TICKS, mrz: cardOf(CARD), issued: '2021-01-20', coercion: 'none' };

type Ask = {
  readonly run?: Run;
  readonly document?: string;
  readonly email?: string;
  readonly channel?: Channel;
  /** An officer noted the request of somebody who has neither mail nor telephone. */
  readonly mailless?: boolean;
  readonly phone?: string;
  /** An officer noted the address; nobody has confirmed it. */
  readonly unconfirmed?: boolean;
};

/** Somebody who asked, confirmed her address, and stands in the line. */
export async function inLine(parts: Memory, ask: Ask = {}): Promise<string> {
  const { run = PEDRO, document = DOCUMENT, email = 'pedro@correo.example', channel = 'office' } = ask;
  const [id, now] = [randomUUID(), parts.clock()];
  const { mailless = false, phone, unconfirmed = mailless } = ask;
  const request = {
    run,
    document,
    ...(!mailless && { email }),
    ...(phone !== undefined && { phone }),
    lang: 'es',
  } as const;
  await parts.enrolments.add({ id, request, network: '200.1.2.0/24', token: id, createdAt: now, expiresAt: now + 1e9 });
  const asked = (await parts.enrolments.byId(id))!;
  if (!unconfirmed)
    await parts.enrolments.move(asked, {
      ...{ move: 'confirm-contact', by: { kind: 'citizen' }, at: now, set: { contactConfirmedAt: now } },
    });
  const office = channel === 'office' ? 'Registro Civil Santiago Centro' : '';
  await parts.queues.join({ caseId: id, channel, office, joinedAt: now });
  return id;
}

/** A house with an officer who has him before her. */
export async function inSession(channel: Channel = 'office', answer: () => Answer = () => GOOD, ask: Ask = {}) {
  const memory = await memoryParts();
  const parts: Memory = { ...memory, civilRegistry: registrySaying(answer) };
  await parts.staff.setTrained(await idOf(parts, OFFICER), parts.clock());
  await parts.staff.setTrained(await idOf(parts, CHIEF), parts.clock());
  const officer = await actorOf(parts, OFFICER);
  const caseId = await inLine(parts, { ...ask, channel });
  const drawn = await drawNext(parts, officer, channel);
  if (drawn.kind !== 'drawn') throw new Error(drawn.kind);
  // So that nobody has hurried.
  parts.travel(90_000);
  return { parts, officer: { ...officer, provedAt: parts.clock() }, caseId };
}
