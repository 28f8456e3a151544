/** Who signs in, and where: the emulator's demo people and one of its demo clients. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { checkDigit } from '../src/domain/run.ts';

const PASSWORD = 'boldo-quillay-peumo';

const demo = z.array(
  z.looseObject({
    run: z.string(),
    status: z.string().optional(),
    password: z.string().optional(),
    totp: z.string().optional(),
  }),
);

export type Person = { readonly run: string; readonly password: string };

/** Those who need nothing but their password. */
export function demoPeople(): readonly Person[] {
  const file = new URL('../config/demo-people.json', import.meta.url);
  return demo
    .parse(JSON.parse(readFileSync(file, 'utf8')))
    .filter(({ status, password, totp }) => status === 'active' && password === PASSWORD && totp === undefined)
    .map(({ run }) => ({ run, password: PASSWORD }));
}

/** Where `clave people synth` begins. */
const FROM = 30_000_000;
/**
 * So many that nobody gathers more sessions than she may have: whose oldest session is ended gets a record and a letter
 * about it with each login, which happens to hardly anybody outside of a benchmark.
 */
export const MANY = 2000;
export const manyPeople = (): readonly Person[] =>
  Array.from({ length: MANY }, (_, n) => ({ run: `${FROM + n}-${checkDigit(FROM + n)}`, password: PASSWORD }));

export const RP = {
  id: 'demo-municipio',
  secret: 'demo-municipio-secret',
  redirectUri: 'http://localhost:9000/cb',
  scope: 'openid profile email phone run',
} as const;
