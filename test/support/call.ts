import { randomBytes, randomUUID } from 'node:crypto';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { PLACE } from '../../src/domain/enrolment.ts';
import type { Run } from '../../src/domain/run.ts';
import { openRoom } from '../../src/flows/room.ts';
import type { Parts } from '../../src/parts.ts';
import { launchWhole } from './chromium.ts';
import { someRun } from './memory/versions.ts';

/** A browser whose cameras show moving pictures that nobody has to allow, and that meets another one on this machine. */
export const cameraBrowser = (...more: readonly string[]): Promise<Browser> =>
  launchWhole('--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection', ...more);
export const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
  hasTouch: true,
};
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };
export const ALLOWED: BrowserContextOptions = { permissions: ['camera', 'microphone'] };

type Wish = {
  readonly officer?: string | undefined;
  readonly run?: Run;
  readonly opensAt?: number;
  readonly closesAt?: number;
};

/** A case with its contact confirmed and its room open; with an officer it is in session. */
export async function caseWithRoom(parts: Parts, { officer, run = someRun(), ...hours }: Wish = {}) {
  const now = parts.clock();
  const id = randomUUID();
  const request = { run, document: '100200300', email: `${id}@correo.example`, lang: 'es' } as const;
  const token = randomBytes(16).toString('base64url');
  await parts.enrolments.add({
    ...{ id, request, token, network: 'n', createdAt: now, expiresAt: now + 86_400_000, channel: 'video' },
  });
  const citizen = { kind: 'citizen' } as const;
  const asked = (await parts.enrolments.byId(id))!;
  const confirmed = (await parts.enrolments.move(asked, {
    ...{ move: 'confirm-contact', by: citizen, at: now, set: { contactConfirmedAt: now } },
  }))!;
  const room = await parts.transaction((tx) =>
    openRoom(tx, {
      ...{ caseId: id, opensAt: now - PLACE.opens, closesAt: now + PLACE.closes, chance: parts.chance },
      ...hours,
    }),
  );
  const draw = async (id: string) =>
    (await parts.enrolments.move((await parts.enrolments.byId(confirmed.id))!, {
      ...{ move: 'start', by: { kind: 'officer', id }, at: parts.clock(), set: { officer: id, sessions: 1 } },
    }))!;
  if (officer !== undefined) await draw(officer);
  return { caseId: id, token: room, draw };
}
