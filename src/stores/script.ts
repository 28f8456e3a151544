import { hash } from 'node:crypto';
import type { Redis } from './connections.ts';

type Arguments = readonly (string | Buffer | number)[];

/**
 * A script of Redis, called by its digest: it is longer than what it is told. A server that has not seen it (a new one, a
 * replica that took over) says so without doing anything, and is sent the whole.
 */
export function script(lua: string) {
  const digest = hash('sha1', lua);
  const byDigest = async <Answer>(ask: (command: 'evalsha' | 'eval', said: string) => Promise<Answer>) => {
    try {
      return await ask('evalsha', digest);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return ask('eval', lua);
    }
  };
  return {
    /** What comes first of the arguments are the keys, so many. */
    call: (redis: Redis, keys: number, ...args: Arguments): Promise<unknown> =>
      byDigest((command, said) => redis[command](said, keys, ...args)),
    /** The same; texts come as bytes. */
    callBuffer: (redis: Redis, keys: number, ...args: Arguments): Promise<unknown> =>
      byDigest((command, said) => redis.callBuffer(command, said, keys, ...args)),
  };
}
