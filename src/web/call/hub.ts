import { z } from 'zod';
import { otherSide, ROOM, SAYING, type CallStage, type Side } from '../../domain/room.ts';
import { roomState } from '../../flows/room.ts';
import type { Parts } from '../../parts.ts';
import type { Wire } from '../kit/socket.ts';

/** What a window may say. */
const saying = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('signal'),
    to: z.string().max(64),
    body: z.strictObject({
      description: z
        .strictObject({ type: z.enum(['offer', 'answer', 'pranswer', 'rollback']), sdp: z.string().max(30_000) })
        .optional(),
      candidate: z
        .strictObject({
          candidate: z.string().max(2000),
          sdpMid: z.string().max(64).nullable().optional(),
          sdpMLineIndex: z.number().int().min(0).max(64).nullable().optional(),
          usernameFragment: z.string().max(512).nullable().optional(),
        })
        .nullable()
        .optional(),
    }),
  }),
  z.strictObject({ do: z.literal('chat'), text: z.string().trim().min(1).max(SAYING.chat) }),
  z.strictObject({ do: z.literal('bye') }),
]);
const signal = z.object({ to: z.string(), from: z.string(), body: z.unknown() });

export type Window = {
  readonly caseId: string;
  readonly side: Side;
  readonly link: string;
  readonly device: string;
  /** The last word that this window has heard; undefined: it was opened just now. */
  readonly after: number | undefined;
  readonly ice: unknown;
  /** Whether its person may still be here; asked again and again. */
  readonly stillMay: () => Promise<boolean>;
  /** What else it is told with each beat. */
  readonly also?: (stage: CallStage) => Promise<Readonly<Record<string, unknown>>>;
};
type Why = 'taken' | 'over';
/** To be told at once when something may have changed. */
type Ear = { readonly caseId: string; readonly ring: () => void; readonly leave: () => void };

const WINDOW_MS = 10_000;
/** Close codes of ours; what is not among them means: come again. */
const OUT: Readonly<Record<Why, number>> = { taken: 4001, over: 4002 };
const RESTART = 1012;

/**
 * Sockets only carry: who is in, what was said and in which order is in the room's store, and each process tells its own
 * windows. So it does not matter which one a window has found, nor whether that one is killed.
 */
export function callHub(parts: Parts) {
  const ears = new Set<Ear>();
  let hearing: Promise<() => Promise<void>> | undefined;
  const hear = () =>
    (hearing ??= parts.rooms
      .hear((caseId) => {
        for (const ear of ears) if (caseId === undefined || ear.caseId === caseId) ear.ring();
      })
      .catch((error: unknown) => {
        hearing = undefined;
        throw error;
      }));

  function connect(wire: Wire, window: Window): void {
    const { caseId, side, link } = window;
    const comer = () => ({ caseId, side, link, device: window.device, now: parts.clock() });
    let [heard, inside, over, running, again, bye] = [0, false, false, false, false, false];
    let said: number[] = [];
    let stage: CallStage = 'over';
    let also: Readonly<Record<string, unknown>> = {};
    const out = (why: Why) => {
      wire.send({ what: 'out', why });
      wire.close(OUT[why]);
    };
    const fault = (err: unknown) => {
      parts.log.warn({ err }, 'call');
      wire.close(RESTART);
    };

    /** Everything that this window has not heard yet, in order; then how things stand. */
    async function pump(): Promise<void> {
      const state = await roomState(parts, caseId, side);
      if (over) return;
      if (!state) {
        out('over');
        return;
      }
      if (state.mine !== link) {
        out('taken');
        return;
      }
      ({ stage } = state);
      if (state.said > heard)
        for (const word of await parts.rooms.said(caseId, heard)) {
          heard = word.n;
          if (word.kind === 'chat')
            wire.send({ what: 'chat', n: word.n, side: word.side, at: word.at, text: word.words });
          else if (word.side === otherSide(side)) {
            const { to, from, body } = signal.parse(JSON.parse(word.words));
            // Meant for a window that was here before.
            if (to === link) wire.send({ what: 'signal', n: word.n, from, body });
          }
        }
      wire.send({ what: 'state', stage: state.stage, other: state.other ?? null, n: heard, ...also });
    }
    /** One after the other, and once more when it rang meanwhile. */
    const ring = () => {
      again = true;
      if (running || over || !inside) return;
      running = true;
      void (async () => {
        while (again) {
          again = false;
          await pump();
        }
      })()
        .catch(fault)
        .finally(() => (running = false));
    };

    async function begin(): Promise<void> {
      await hear();
      if (!(await parts.rooms.enter(comer()))) {
        const state = await roomState(parts, caseId, side);
        out(state ? 'taken' : 'over');
        return;
      }
      const state = await roomState(parts, caseId, side);
      if (state) also = (await window.also?.(state.stage)) ?? {};
      heard = window.after ?? state?.said ?? 0;
      inside = true;
      wire.send({ what: 'in', ice: window.ice, n: heard });
      if (window.after === undefined)
        for (const word of await parts.rooms.said(caseId, 0, 'chat'))
          if (word.n <= heard) wire.send({ what: 'chat', n: word.n, side: word.side, at: word.at, text: word.words });
      ring();
    }
    async function beat(): Promise<void> {
      if (!inside) return;
      if (!(await window.stillMay())) {
        out('over');
        return;
      }
      if (!(await parts.rooms.seen(comer()))) {
        ring();
        return;
      }
      also = (await window.also?.(stage)) ?? {};
      ring();
    }
    async function take(text: string): Promise<void> {
      const now = parts.clock();
      said = [...said.filter((at) => at > now - WINDOW_MS), now];
      if (said.length > SAYING.burst) {
        wire.close(1008);
        return;
      }
      const parsed = saying.safeParse(jsonOf(text));
      if (!parsed.success) {
        wire.close(1008);
        return;
      }
      const word = parsed.data;
      if (word.do === 'bye') {
        bye = true;
        wire.close(1000);
        return;
      }
      const kept =
        word.do === 'chat'
          ? { kind: 'chat' as const, words: word.text }
          : { kind: 'signal' as const, words: JSON.stringify({ to: word.to, from: link, body: word.body }) };
      if ((await parts.rooms.say(comer(), kept)) === undefined) ring();
    }

    const ear: Ear = { caseId, ring, leave: () => wire.close(RESTART) };
    ears.add(ear);
    const ticks = setInterval(() => wire.send({ what: 'tick' }), ROOM.tick);
    const beats = setInterval(() => void beat().catch(fault), ROOM.beat);
    // In the order in which they came.
    let last: Promise<void> = begin();
    last.catch(fault);
    wire.hear((text) => {
      last = last.then(() => (over ? undefined : take(text)));
      last.catch(fault);
    });
    wire.ended(() => {
      over = true;
      ears.delete(ear);
      clearInterval(ticks);
      clearInterval(beats);
      // A window that is only looking for another process keeps its place.
      if (bye) parts.afterwards(() => parts.rooms.leave({ caseId, side, link }));
    });
  }

  return {
    connect,
    /** Each window finds another process. */
    close: async () => {
      for (const ear of ears) ear.leave();
      await (
        await hearing?.catch(() => undefined)
      )?.();
    },
  };
}
export type CallHub = ReturnType<typeof callHub>;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
