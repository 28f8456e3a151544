import { randomBytes } from 'node:crypto';
import type { Run } from '../../src/domain/run.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import type { Actor } from '../../src/flows/permit.ts';
import type { Parts } from '../../src/parts.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import type { browser } from './browser.ts';
import { caseWithRoom } from './call.ts';
import { CARD, FULL, GOOD, OFFICER, registrySaying } from './desk.ts';
import { someRun } from './memory/versions.ts';

type House = { readonly parts: Parts; readonly visitor: () => ReturnType<typeof browser> };

/** The officer of the demo, trained, who has shown her passkey just now. */
export async function officerOf(parts: Parts): Promise<Actor> {
  const { id } = (await parts.accounts.forLogin(OFFICER))!.account;
  const staff = { ...(await parts.staff.byId(id))!, trainedAt: parts.clock() };
  return { staff, provedAt: parts.clock(), requestId: 'r', network: '10.0.0.0/24' };
}

const FOUR_HOURS = 4 * 3_600_000;

/** Somebody whose call has just ended well: her browser was in it, and her code waits there while the room is `open` (ms), and after. */
export async function calledWell({ parts, visitor }: House, run: Run = someRun(), open = FOUR_HOURS) {
  const { caseId, token } = await caseWithRoom(parts, { run, closesAt: parts.clock() + open });
  const [here, user] = [`/videollamada/${token}`, visitor()];
  await user.get(here);
  const device = (await user.jar.getCookies(`http://localhost${here}`)).find(({ key }) => key === 'op-device');
  // A minute ago: so whoever else stands in the line comes after her.
  await parts.queues.join({ caseId, channel: 'video', office: '', joinedAt: parts.clock() - 60_000 });
  const officer = await officerOf(parts);
  const drawn = await drawNext(parts, officer, 'video');
  if (drawn.kind !== 'drawn' || drawn.caseId !== caseId) throw new Error(JSON.stringify(drawn));
  const comer = { caseId, side: 'citizen', link: randomBytes(16).toString('hex'), now: parts.clock() } as const;
  await parts.rooms.enter({ ...comer, device: device?.value ?? '' });
  const within = { ...parts, civilRegistry: registrySaying(() => GOOD) };
  const sheet = { ...FULL, mrz: cardOf({ ...CARD, run }) };
  const approved = await approveCase(within, officer, { caseId, sheet });
  if (approved.kind !== 'approved') throw new Error(JSON.stringify(approved));
  return { caseId, token, run, here, user, officer, device: device?.value ?? '' };
}
