import { Worker } from 'node:worker_threads';
import { Unavailable } from '../domain/fault.ts';
import { judgeByRule, ownWords, type Judgement, type Own } from '../domain/password-policy.ts';
import type { Question, Verdict } from './strength-worker.ts';

/** Whether a new ClaveÚnica is good enough (R-01…R-04). Nothing leaves the machine. */
export interface Strength {
  /** Code points at least. */
  readonly minimum: number;
  /** Somebody is about to choose: the dictionaries are read meanwhile. */
  warm(): void;
  /** `own`: whose it is. Throws `Unavailable` when the dictionaries cannot be asked: nothing is waved through. */
  judge(typed: string, own: Own): Promise<Judgement>;
}

type Settings = {
  readonly minimum: number;
  readonly breachedFile: string | undefined;
  /** Milliseconds for one answer. */
  readonly patience?: number;
};
type Waiting = { readonly resolve: (verdict: Verdict) => void; readonly reject: (error: Error) => void };

/** The dictionaries take a second to read, much longer where all is slow; a password then takes well under one. */
const PATIENCE_MS = 30_000;
const IDLE_MS = 60_000;
const MOST_WAITING = 64;

/**
 * The rules here, the dictionaries in a thread of their own: they cost a hundred megabytes and up to half a second of
 * computing for a password made to be slow. It begins with the first question and ends when nobody has asked for a minute.
 */
export function workerStrength({
  minimum,
  breachedFile,
  patience = PATIENCE_MS,
}: Settings): Strength & { close(): Promise<unknown> } {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let count = 0;

  const stop = async (cause?: unknown) => {
    const ending = worker;
    worker = undefined;
    clearTimeout(idle);
    for (const { reject } of waiting.values()) reject(new Unavailable('strength', { cause }));
    waiting.clear();
    await ending?.terminate();
  };
  const start = () => {
    const fresh = new Worker(new URL('./strength-worker.ts', import.meta.url), { workerData: { breachedFile } });
    // A process that ends does not wait for it.
    fresh.unref();
    fresh.on('message', ({ id, verdict }: { id: number; verdict: Verdict }) => {
      waiting.get(id)?.resolve(verdict);
      waiting.delete(id);
      rest();
    });
    fresh.on('error', (error) => {
      if (worker === fresh) void stop(error);
    });
    return fresh;
  };
  const ask = (question: Question) =>
    new Promise<Verdict>((resolve, reject) => {
      if (waiting.size >= MOST_WAITING) {
        reject(new Unavailable('strength'));
        return;
      }
      clearTimeout(idle);
      worker ??= start();
      const id = count++;
      const late = setTimeout(() => void stop(new Error('strength: too slow')), patience).unref();
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(late);
          then(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      worker.postMessage({ id, question });
    });

  const rest = () => {
    clearTimeout(idle);
    if (waiting.size === 0) idle = setTimeout(() => void stop(), IDLE_MS).unref();
  };

  return {
    minimum,
    warm() {
      worker ??= start();
      rest();
    },
    async judge(typed, own) {
      const verdict = judgeByRule(typed, own, minimum);
      if (verdict.kind !== 'unread') return verdict;
      const { password } = verdict;
      const read = await ask({ password, words: ownWords(own) });
      return read === 'fine' ? { kind: 'fine', password } : { kind: 'weak', reason: read, minimum };
    },
    close: () => stop(),
  };
}
