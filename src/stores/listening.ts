import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { hangUp } from './hang-up.ts';

type Listening = {
  readonly url: string;
  readonly channel: string;
  readonly heard: (payload: string) => void;
  /** When it begins to listen, and each time it does again: what was said meanwhile has to be read. */
  readonly catchUp: () => Promise<void>;
};

const AGAIN_MS = 500;

/** Hears what other processes tell by NOTIFY, over a connection of its own, until the answer is called. */
export async function listen({ url, channel, heard, catchUp }: Listening): Promise<() => Promise<void>> {
  const { promise: heardFirst, resolve, reject } = Promise.withResolvers<void>();
  let stop: (() => Promise<void>) | undefined;
  let stopped = false;
  const hear = async () => {
    const client = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 10_000 });
    const ended = new Promise((end) => client.once('end', end));
    // A connection that breaks also ends.
    client.on('error', () => undefined);
    client.on('notification', ({ payload = '' }) => heard(payload));
    stop = () => hangUp(client);
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
      await catchUp();
      resolve();
      await ended;
    } finally {
      await hangUp(client);
    }
  };
  const keepListening = async () => {
    while (!stopped) {
      // Only the first failure is anybody's business.
      await hear().catch(reject);
      await sleep(AGAIN_MS, undefined, { ref: false });
    }
  };
  void keepListening();
  const end = async () => {
    stopped = true;
    await stop?.();
  };
  await heardFirst.catch(async (error: unknown) => {
    await end();
    throw error;
  });
  return end;
}
