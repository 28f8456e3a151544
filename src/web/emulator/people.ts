import type { DemoPerson } from '#views/pages/log-in.ts';
import { parseRun, writtenRun } from '../../domain/run.ts';
import { writtenCode } from '../../domain/code.ts';
import { enrolFromDemo } from '../../flows/demo-person.ts';
import { issueActivationCode } from '../../flows/issue-code.ts';
import type { Parts } from '../../parts.ts';
import { cardOf } from './card.ts';

type Demo = NonNullable<Parts['demo']>;

/** As many as a page bears; all stand at `/emulador/personas`. */
const SHOWN = 50;

/**
 * For the login page: who can sign in by one press, with a hint or a typed RUN that person first. Undefined when nobody
 * can: the people of `PEOPLE_FILE` may all be without a password.
 */
export function demoPeopleFor({ people }: Demo, run: string): readonly DemoPerson[] | undefined {
  const can = people
    .filter(({ account, status }) => account && status === 'active')
    .flatMap(({ run: written, names, surnames, password, note }) =>
      password === undefined ? [] : [{ run: written, name: `${names[0] ?? ''} ${surnames.join(' ')}`, password, note }],
    );
  if (can.length === 0) return undefined;
  const wanted = parseRun(run);
  const first = (one: DemoPerson) => Number(wanted !== undefined && parseRun(one.run) === wanted);
  return can.toSorted((a, b) => first(b) - first(a)).slice(0, SHOWN);
}

/** Of whom the walk through a whole case speaks, at `/emulador`: the person, two officers and their supervisor. */
const WALK = ['22.222.222-2', '7.654.321-6', '8.765.432-K', '9.876.543-3'];
export const hasWalk = ({ people }: Demo): boolean => WALK.every((run) => people.some((one) => one.run === run));

/** What the application of a demo person shows now; undefined for everybody else. */
export async function demoCodeFor(
  { accounts, clock, demo, oneTimeCodes }: Pick<Parts, 'accounts' | 'clock' | 'demo' | 'oneTimeCodes'>,
  accountId: string,
): Promise<string | undefined> {
  if (!demo) return undefined;
  const run = (await accounts.byId(accountId))?.person.run;
  const secret = demo.people.find((person) => parseRun(person.run) === run)?.totp;
  return secret === undefined ? undefined : oneTimeCodes.codeOf(secret, clock());
}

/** As the demo's registry knows the document. */
const CARD = { issued: '2020-01-20', expiry: '2039-12-31' } as const;

/** INTERFACE: `/emulador/personas.json`. Whoever is to be identified has a card that an officer can copy. Who has no account yet may have got one since. */
export const demoList = ({ accounts }: Pick<Parts, 'accounts'>, { people }: Demo) =>
  Promise.all(
    people.map(async ({ names, surnames, birthdate, status: first, account, ...person }) => {
      const { run, email, phone, password, totp, documento, activation, note } = person;
      const known = parseRun(run);
      const now =
        known && (!account || first === 'not-activated') ? (await accounts.forLogin(known))?.account : undefined;
      const status = now?.status ?? (account ? first : ('none' as const));
      const name = [...names, ...surnames].join(' ');
      const waiting = status === 'not-activated' ? activation : undefined;
      const number = documento;
      const cedula =
        known && number !== undefined && birthdate !== undefined
          ? {
              lineas: cardOf({ run: known, number, birthdate, names, surnames, expiry: CARD.expiry }),
              emitida: CARD.issued,
            }
          : undefined;
      return { run, name, email, phone, password, totp, documento, cedula, activation: waiting, note, status };
    }),
  );

type Issuing = Parameters<typeof enrolFromDemo>[0];
export type DemoCode = { readonly run: string; readonly code: string; readonly until: string };

/** A code for somebody of the registry, or for who waits for one; undefined when nothing is to be activated. */
export async function demoCode(parts: Issuing, typed: string): Promise<DemoCode | undefined> {
  const run = parseRun(typed);
  if (!run) return undefined;
  await enrolFromDemo(parts, run);
  const outcome = await issueActivationCode(parts, { run, by: 'print', details: { operator: 'emulator' } });
  if (outcome.kind !== 'issued') return undefined;
  return { run: writtenRun(run), code: writtenCode(outcome.code), until: new Date(outcome.until).toISOString() };
}
