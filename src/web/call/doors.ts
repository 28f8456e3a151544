import type Koa from 'koa';
import type { Context } from 'koa';
import { attending } from '../../flows/booking.ts';
import { arrive, roomOfOfficer } from '../../flows/room.ts';
import { waitingFor, type WaitsFor } from '../../flows/waiting-room.ts';
import type { ConsoleAct } from '../../domain/roles.ts';
import { waitingTime } from '../../domain/waiting.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import { deviceOf } from '../kit/device.ts';
import { socketDoor, type SocketRow, type Upgrade } from '../kit/socket.ts';
import type { StaffGuard } from '../kit/staff-row.ts';
import { callHub } from './hub.ts';

type Tools = { readonly config: Config; readonly parts: Parts; readonly koa: Koa };
type Calls = {
  /** Of the public listener, and of the console's. */
  readonly citizens: Upgrade;
  readonly staff: Upgrade;
  /** Tells every window to find another process. */
  readonly close: () => Promise<void>;
};

const LINK = /^[\w-]{16,40}$/;
/** Which window it is, and what it has heard already; undefined: it says nothing that a page of ours says. */
function windowOf(ctx: Context): { readonly link: string; readonly after: number | undefined } | undefined {
  const { v, n } = ctx.query;
  if (typeof v !== 'string' || !LINK.test(v)) return undefined;
  const after = typeof n === 'string' && /^\d{1,9}$/.test(n) ? Number(n) : undefined;
  return { link: v, after };
}

/** `who`, `may`: as the tables of pages say it. */
type Door = Omit<SocketRow, 'enter'> & { readonly who: 'flow' | 'staff'; readonly may?: ConsoleAct };
/** THE table of sockets: where a page of ours may open one, who, how often. */
export const SOCKETS = {
  citizens: {
    path: /^\/videollamada\/([\w-]{22})\/enlace$/,
    shown: '/videollamada/:token/enlace',
    who: 'flow',
    limit: '600 per minute per network',
  },
  staff: {
    path: /^\/llamada\/([\w-]{36})\/enlace$/,
    shown: '/llamada/:id/enlace',
    who: 'staff',
    may: 'case work',
    limit: '600 per minute per network',
  },
} as const satisfies Record<string, Door>;

const ROSTER_MS = 30_000;
/** Asked for all who wait once in half a minute. */
function remembered<T>(clock: () => number, ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    const at = clock();
    if (!known || at - known.at > ROSTER_MS) {
      const answer = ask();
      known = { at, answer };
      answer.catch(() => {
        known = undefined;
      });
    }
    return known.answer;
  };
}

/** What answers at those doors. */
export function callDoors(citizens: Tools, staff: Tools & { readonly guard: StaffGuard }): Calls {
  const { parts } = citizens;
  const hub = callHub(parts);
  const officers = remembered(parts.clock, () => attending(parts));
  /** With an honest range while she stands in the line; `null` while nobody attends. */
  const told = async (waiting: WaitsFor) =>
    waiting.kind === 'line'
      ? { waiting, wait: waitingTime('video', waiting.before, await officers()) ?? null }
      : { waiting };
  return {
    citizens: socketDoor(
      [
        {
          ...SOCKETS.citizens,
          async enter(ctx, token) {
            const found = await arrive(parts, token);
            const window = windowOf(ctx);
            if (found.kind !== 'open' || !window) return undefined;
            const { room } = found;
            const device = deviceOf(ctx, parts, citizens.config);
            const ice = parts.turn(room.closesAt, `c-${room.caseId}`);
            return (wire) =>
              hub.connect(wire, {
                ...{ ...window, caseId: room.caseId, side: 'citizen', device, ice },
                also: async (stage) => (stage === 'waiting' ? told(await waitingFor(parts, room.caseId)) : {}),
              });
          },
        },
      ],
      citizens,
    ),
    staff: socketDoor(
      [
        {
          ...SOCKETS.staff,
          async enter(ctx, caseId) {
            const window = windowOf(ctx);
            /** who is disabled, or whose session has ended, is out with the next look. */
            const roomNow = async () => {
              const entry = await staff.guard.enter(ctx, {
                may: SOCKETS.staff.may,
                fresh: false,
                back: '/',
                byItself: true,
              });
              if (entry.kind !== 'in') return undefined;
              const officer = entry.visit.actor.staff.accountId;
              const found = await roomOfOfficer(parts, { caseId, officer });
              return found && { ...found, officer };
            };
            const found = window && (await roomNow());
            if (!found) return undefined;
            const { room, officer } = found;
            const ice = parts.turn(room.closesAt, `o-${caseId}`);
            return (wire) =>
              hub.connect(wire, {
                ...{ ...window, caseId, side: 'officer', device: officer, ice },
                stillMay: async () => (await roomNow()) !== undefined,
              });
          },
        },
      ],
      staff,
    ),
    close: () => hub.close(),
  };
}
