import type { DemoPerson } from '#views/pages/log-in.ts';
import { parseRun } from '../../domain/run.ts';
import type { Parts } from '../../parts.ts';

type Demo = NonNullable<Parts['demo']>;

/** For the login page: who can sign in by one press; with a hint or a typed RUN that person stands first. */
export function demoPeopleFor({ people }: Demo, run: string): readonly DemoPerson[] {
  const wanted = parseRun(run);
  const can = people
    .filter(({ account, status }) => account && status === 'active')
    .flatMap(({ run: written, names, surnames, password, note }) =>
      password === undefined ? [] : [{ run: written, name: `${names[0] ?? ''} ${surnames.join(' ')}`, password, note }],
    );
  return can.toSorted((a, b) => Number(parseRun(b.run) === wanted) - Number(parseRun(a.run) === wanted));
}

/** INTERFACE: `/emulador/personas.json`. */
export const demoList = ({ people }: Demo) =>
  people.map(({ run, names, surnames, email, phone, password, totp, documento, note, status, account }) => ({
    run,
    name: [...names, ...surnames].join(' '),
    email,
    phone,
    password,
    totp,
    documento,
    note,
    status: account ? status : 'none',
  }));
