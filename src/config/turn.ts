import { z } from 'zod';
import { list } from './fields.ts';

export type TurnConfig = { readonly urls: readonly string[]; readonly secret: string; readonly only: boolean };

const ADDRESS = /^(stuns?:[^?\s]+|turns?:[^?\s]+(\?transport=(udp|tcp))?)$/;

/** Where the pictures of a call go when two networks do not let each other in. */
export const turnVariables = {
  TURN_URLS: list
    .pipe(z.array(z.string().regex(ADDRESS, 'must be `turn:HOST:PORT` or its like')))
    .default([])
    .describe('video calls: `turn:`, `turns:` and `stun:` addresses of your relay (coturn), comma separated'),
  TURN_SECRET: z
    .string()
    .min(16)
    .optional()
    .describe('what coturn calls `static-auth-secret`: from it come credentials that end with their call'),
  TURN_ONLY: z
    .enum(['0', '1'])
    .default('0')
    .describe('1: all calls go through the relay, and neither side learns the other’s address'),
};
type TurnEnv = z.output<z.ZodObject<typeof turnVariables>>;

export const turnOf = ({ TURN_URLS, TURN_SECRET, TURN_ONLY }: TurnEnv): TurnConfig => ({
  urls: TURN_URLS,
  secret: TURN_SECRET ?? '',
  only: TURN_ONLY === '1',
});

type Env = Readonly<Record<string, string | undefined>>;

export function turnFaults({ TURN_URLS = '', TURN_SECRET, TURN_ONLY = '0' }: Env): string[] {
  const relays = /(^|,)\s*turns?:/.test(TURN_URLS);
  const faults: string[] = [];
  if (relays !== (TURN_SECRET !== undefined)) faults.push('TURN_SECRET: goes with a `turn:` address in TURN_URLS');
  if (TURN_ONLY === '1' && !relays) faults.push('TURN_ONLY: needs a `turn:` address in TURN_URLS');
  return faults;
}
