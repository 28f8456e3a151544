import { z } from 'zod';
import { ROOM, SAYING, type CallStage, type Side } from '../../domain/room.ts';
import { roomState } from '../../flows/room.ts';
import type { Parts } from '../../parts.ts';
import type { Wire } from '../kit/socket.ts';

/** What a window may say; `k`: the how manieth of its words it is. */
const nth = z.number().int().positive().max(1e9);
const saying = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('signal'),
    k: nth,
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
  z.strictObject({ do: z.literal('chat'), k: nth, text: z.string().trim().min(1).max(SAYING.chat) }),
  z.strictObject({ do: z.literal('bye') }),
]);
const signal = z.object({ from: z.string(), body: z.unknown() });

export type Window = {
  readonly caseId: string;
  readonly side: Side;
  readonly link: string;
  readonly device: string;
  /** The last word that this window has heard; undefined: it was opened just now. */
  readonly after: number | undefined;
  readonly ice: unknown;
  /** Whether its person may still be here; asked again and again. */
  readonly stillMay?: () => Promise<boolean>;
  /** What else it is told with each beat. */
  readonly also?: (stage: CallStage) => Promise<Readonly<Record<string, unknown>>>;
};
type Why = 'taken' | 'over';
/** To be told at once when something may have changed. */
type Ear = {
  readonly caseId: string;
  readonly link: string;
  readonly ring: () => void;
  readonly leave: (code: number) => void;
};

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
    let said: { readonly at: number; readonly bytes: number }[] = [];
    let stage: CallStage = 'over';
    let also: Readonly<Record<string, unknown>> = {};
    const out = (why: Why) => {
      wire.send({ what: 'out', why });
      wire.close(OUT[why]);
    };
    const fault = (err: unknown) => {
      parts.outages.met(err, { tell: () => parts.log.warn({ err }, 'call') });
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
      let more = state.said > heard;
      while (more) {
        const words = await parts.rooms.said(caseId, heard, window);
        for (const word of words) {
          heard = word.n;
          if (word.kind === 'chat')
            wire.send({ what: 'chat', n: word.n, side: word.side, at: word.at, text: word.words });
          else wire.send({ what: 'signal', n: word.n, ...signal.parse(JSON.parse(word.words)) });
        }
        more = words.length === SAYING.page;
      }
      // What was said to others counts as heard.
      heard = Math.max(heard, state.said);
      wire.send({ what: 'state', stage: state.stage, other: state.other ?? null, n: heard, k: state.kept, ...also });
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
      if (over) return;
      heard = window.after ?? 0;
      inside = true;
      // It has come again: nobody listens on the way that it had before.
      for (const each of ears) {
        if (each === ear) break;
        if (each.caseId === caseId && each.link === link) each.leave(RESTART);
      }
      wire.send({ what: 'in', ice: window.ice, n: heard, k: state?.kept ?? 0 });
      ring();
    }
    async function tick(): Promise<void> {
      wire.send({ what: 'tick' });
      if (inside && (await window.stillMay?.()) === false) out('over');
    }
    async function beat(): Promise<void> {
      if (!inside) return;
      if (!(await parts.rooms.seen(comer()))) {
        ring();
        return;
      }
      also = (await window.also?.(stage)) ?? {};
      ring();
    }
    async function take(text: string): Promise<void> {
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
          ? { kind: 'chat' as const, nth: word.k, words: word.text }
          : {
              kind: 'signal' as const,
              nth: word.k,
              to: word.to,
              words: JSON.stringify({ from: link, body: word.body }),
            };
      if ((await parts.rooms.say(comer(), kept)) === undefined) ring();
    }

    /** Whether this is too much at once; told before it is put into the line of what is worked off. */
    function floods(text: string): boolean {
      const now = parts.clock();
      said = [...said.filter(({ at }) => at > now - WINDOW_MS), { at: now, bytes: Buffer.byteLength(text) }];
      return said.length > SAYING.burst.words || said.reduce((sum, { bytes }) => sum + bytes, 0) > SAYING.burst.bytes;
    }

    const ear: Ear = { caseId, link, ring, leave: (code) => wire.close(code) };
    ears.add(ear);
    const ticks = setInterval(() => void tick().catch(fault), ROOM.tick);
    const beats = setInterval(() => void beat().catch(fault), ROOM.beat);
    // In the order in which they came.
    let last: Promise<void> = begin();
    last.catch(fault);
    wire.hear((text) => {
      if (over) return;
      if (floods(text)) {
        over = true;
        wire.close(1008);
        return;
      }
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
      for (const ear of ears) ear.leave(RESTART);
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
