import cluster, { type Worker } from 'node:cluster';
import type { Figure, Said } from './domain/figure.ts';
import { memoryMailbox, type EmulatorMailbox } from './gateways/mail.ts';
import type { Log } from './parts.ts';
import { collection } from './metrics/collection.ts';
import type { Service } from './serve.ts';
import { Failure } from './tasks/commands/command.ts';
import { within } from './tasks/pace.ts';

/** Several processes that share a port (WORKERS): the primary prepares and watches, the workers serve. */
export const { isWorker } = cluster;

type Mail = Parameters<EmulatorMailbox['send']>[0];
type Letter = { readonly tell: 'letter'; readonly mail: Mail; readonly at: number };
/** What a worker says to the primary. */
type Word =
  | { readonly tell: 'here' | 'up' }
  | { readonly tell: 'failed'; readonly message: string }
  | { readonly tell: 'figures'; readonly figures: readonly Figure[] }
  | Letter;
/** What the primary says to a worker. */
type Order =
  | { readonly tell: 'begin'; readonly first: boolean; readonly letters: readonly Letter[] }
  | { readonly tell: 'leave'; readonly patient: boolean }
  | { readonly tell: 'figures' }
  | Letter;

type Slot = {
  readonly name: string;
  readonly first: boolean;
  worker?: Worker;
  upAt: number | undefined;
  quick: number;
  /** Who waits for its figures. */
  told?: () => void;
};

/** Who has lived that long did not die of its start. */
const LONG_MS = 10_000;
const LETTERS_KEPT = 500;
/** So long the others wait for the figures of a worker. */
const FIGURES_MS = 2500;

/**
 * How long to wait until one that died is replaced, by how many died one after the other just after their start; none
 * when it makes no sense any more. As long as others serve it does: the cause may be a store that is away.
 */
export function pauseBefore(quick: number, othersServe: boolean): number | undefined {
  if (quick >= 5 && !othersServe) return undefined;
  return quick === 0 ? 0 : Math.min(250 * 2 ** (quick - 1), 10_000);
}

type Leading = {
  readonly workers: number;
  readonly databaseUrl: string;
  readonly log: Log;
  /** Nobody serves any more, and nobody will. */
  readonly over: () => void;
};

type Led = Pick<Service, 'leave' | 'unanswered'> & { readonly figures: () => Promise<readonly Said[]> };

/** Starts the workers, returns when all of them listen, and replaces those that die. `leave` ends them all. */
export async function lead({ workers, databaseUrl, log, over }: Leading): Promise<Led> {
  const slots = Array.from({ length: workers }, (_, index): Slot => ({
    name: String(index + 1),
    first: index === 0,
    upAt: undefined,
    quick: 0,
  }));
  const letters: Letter[] = [];
  /** Workers that left somebody without an answer. */
  let left = 0;
  const known = collection();
  const { promise: allUp, resolve: started, reject: failed } = Promise.withResolvers<void>();
  let phase: 'starting' | 'serving' | 'ending' = 'starting';
  const say = (slot: Slot, order: Order) => {
    if (slot.worker?.isConnected()) slot.worker.send(order, () => undefined);
  };

  function hear(slot: Slot, word: Word): void {
    switch (word.tell) {
      case 'here':
        say(slot, { tell: 'begin', first: slot.first, letters });
        return;
      case 'up':
        slot.upAt = performance.now();
        if (slots.every(({ upAt }) => upAt !== undefined)) started();
        return;
      case 'failed':
        if (phase === 'starting') failed(new Failure(word.message));
        else log.error({ worker: word.message }, 'a worker does not start');
        return;
      case 'figures':
        known.heard(slot.name, word.figures);
        slot.told?.();
        return;
      case 'letter':
        letters.push(word);
        letters.splice(0, letters.length - LETTERS_KEPT);
        for (const each of slots) say(each, word);
    }
  }

  function launch(slot: Slot): void {
    // The embedded Postgres is the primary's; and whoever starts later finds the same.
    const worker = cluster.fork({ DATABASE_URL: databaseUrl });
    Object.assign(slot, { worker, upAt: undefined });
    worker.on('message', (word: Word) => hear(slot, word));
    worker.on('error', (err) => log.warn({ err }, 'worker'));
    worker.once('exit', () => replace(slot, worker.process));
  }

  function replace(slot: Slot, { exitCode, signalCode }: Worker['process']): void {
    known.gone(slot.name);
    slot.told?.();
    const how = signalCode ?? exitCode ?? 'no code';
    const isQuick = slot.upAt === undefined || performance.now() - slot.upAt < LONG_MS;
    slot.quick = isQuick ? slot.quick + 1 : 0;
    slot.upAt = undefined;
    if (phase === 'starting') failed(new Failure(`a worker ended with ${how} before it served`));
    if (phase !== 'serving') return;
    log.error({ how }, 'a worker is gone');
    const pause = pauseBefore(
      slot.quick,
      slots.some(({ upAt }) => upAt !== undefined),
    );
    if (pause === undefined) over();
    else setTimeout(() => phase === 'serving' && launch(slot), pause);
  }

  async function ended(act: (slot: Slot) => void): Promise<void> {
    phase = 'ending';
    const living = slots.filter(({ worker }) => worker && !worker.isDead());
    await Promise.all(
      living.map(
        (slot) =>
          new Promise<void>((resolve) => {
            slot.worker?.once('exit', (code: number | null) => {
              if (code !== 0) left += 1;
              resolve();
            });
            act(slot);
          }),
      ),
    );
  }

  slots.forEach(launch);
  try {
    await allUp;
    phase = 'serving';
  } catch (error) {
    await ended(({ worker }) => worker?.process.kill('SIGKILL'));
    throw error;
  }
  return {
    leave: (patient) => ended((slot) => say(slot, { tell: 'leave', patient })),
    unanswered: () => left,
    async figures() {
      known.ask();
      const serving = slots.filter(({ upAt }) => upAt !== undefined);
      const told = serving.map(
        (slot) =>
          new Promise<void>((resolve) => {
            slot.told = resolve;
            say(slot, { tell: 'figures' });
          }),
      );
      await within(FIGURES_MS, Promise.all(told)).catch(() => undefined);
      return known.all(workers);
    },
  };
}

type Role = { readonly first: boolean; readonly mailbox: EmulatorMailbox };
type Working = {
  readonly clock: () => number;
  /** The answer ends what it has begun. */
  readonly begin: (role: Role) => Promise<Service>;
  /** Ends the process. */
  readonly end: (leave: () => Promise<void>) => Promise<void>;
};

/** A worker's life: it serves when the primary says so, and leaves when the primary or the platform says so. */
export async function work({ clock, begin, end }: Working): Promise<void> {
  const box = memoryMailbox(clock);
  const say = (word: Word) => new Promise<void>((resolve) => process.send?.(word, () => resolve()));
  // A letter comes back from the primary, as to everybody: each shows the same mailbox.
  const mailbox = { ...box, send: (mail: Mail) => say({ tell: 'letter', mail, at: clock() }) };
  const { promise: order, resolve: begun } = Promise.withResolvers<boolean>();
  let service: Service | undefined;
  const stop = (patient: boolean) => void end(async () => service?.leave(patient));
  const tellFigures = async () => say({ tell: 'figures', figures: (await service?.figures()) ?? [] });
  process.on('message', (told: Order) => {
    if (told.tell === 'leave') stop(told.patient);
    else if (told.tell === 'figures') void tellFigures().catch(() => undefined);
    else for (const { mail, at } of told.tell === 'begin' ? told.letters : [told]) void box.send(mail, at);
    if (told.tell === 'begin') begun(told.first);
  });
  process.on('SIGTERM', () => stop(true));
  // The terminal tells everybody; the primary decides.
  process.on('SIGINT', () => undefined);
  await say({ tell: 'here' });
  try {
    service = await begin({ first: await order, mailbox });
    await say({ tell: 'up' });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await say({ tell: 'failed', message: error.message });
    process.exit(1);
  }
}
