import test from 'ava';
import type { Person } from '../../src/domain/account.ts';
import { CLAIMS, claimsOf, runDigits } from '../../src/domain/claims.ts';
import { parseRun } from '../../src/domain/run.ts';

const run = (typed: string) => parseRun(typed)!;
const FULL: Person = {
  ...{ run: run('11.111.111-1'), names: ['María', 'Carmen'], surnames: ['Del', 'Río', 'González'] },
  ...{ birthdate: '1980-05-17', email: 'maria@correo.example', emailVerified: true },
  ...{ phone: '+56911111111', phoneVerified: false },
};
const account = (person: Person) => ({ person, updatedAt: 1_700_000_000_999 });

test('claveunica: a name of arrays, an integer and a digit, and nothing about verification', (t) => {
  t.deepEqual(claimsOf('claveunica', account(FULL)), {
    RolUnico: { numero: 11_111_111, DV: '1', tipo: 'RUN' },
    name: { nombres: ['María', 'Carmen'], apellidos: ['Del', 'Río', 'González'] },
    email: 'maria@correo.example',
    phone_number: '+56911111111',
  });
});

test('oidc: standard claims of the standard types, in seconds', (t) => {
  t.deepEqual(claimsOf('oidc', account(FULL)), {
    RolUnico: { numero: 11_111_111, DV: '1', tipo: 'RUN' },
    ...{ name: 'María Carmen Del Río González', given_name: 'María Carmen', family_name: 'Del Río González' },
    ...{ birthdate: '1980-05-17', updated_at: 1_700_000_000 },
    ...{
      email: 'maria@correo.example',
      email_verified: true,
      phone_number: '+56911111111',
      phone_number_verified: false,
    },
  });
});

test('what is not known of a person is absent, not empty, in both profiles', (t) => {
  const bare: Person = { run: run('6-K'), names: ['Jean'], surnames: ['Desrosiers'] };
  t.deepEqual(Object.keys(claimsOf('claveunica', account(bare))).sort(), ['RolUnico', 'name']);
  const kept = ['RolUnico', 'family_name', 'given_name', 'name', 'updated_at'];
  t.deepEqual(Object.keys(claimsOf('oidc', account(bare))).sort(), kept);
  t.deepEqual(
    Object.keys(claimsOf('oidc', account({ ...bare, emailVerified: true, phoneVerified: true }))).sort(),
    kept,
  );
});

test('an address that nobody confirmed is said to be unconfirmed', (t) => {
  const person: Person = { ...FULL, emailVerified: undefined, phoneVerified: undefined };
  const { email_verified, phone_number_verified } = claimsOf('oidc', account(person));
  t.deepEqual([email_verified, phone_number_verified], [false, false]);
});

test('a K is a K, and the number before it an integer', (t) => {
  for (const [typed, numero] of [
    ['6-K', 6],
    ['1.000.005-K', 1_000_005],
  ] as const) {
    const claims = claimsOf('claveunica', account({ ...FULL, run: run(typed) }));
    t.deepEqual(claims['RolUnico'], { numero, DV: 'K', tipo: 'RUN' });
    t.is(runDigits({ person: { ...FULL, run: run(typed) } }), String(numero));
  }
});

test('one surname, five names and particles survive in both profiles', (t) => {
  const names = ['Juan', 'Pablo', 'de', 'la', 'Cruz'];
  const person: Person = { ...FULL, names, surnames: ["O'Higgins"] };
  t.deepEqual(claimsOf('claveunica', account(person))['name'], { nombres: names, apellidos: ["O'Higgins"] });
  const { name, given_name, family_name } = claimsOf('oidc', account(person));
  t.deepEqual(
    [name, given_name, family_name],
    ["Juan Pablo de la Cruz O'Higgins", 'Juan Pablo de la Cruz', "O'Higgins"],
  );
});

test('every claim of a profile is opened by a scope, and by no other than its own (R-76)', (t) => {
  const opened = new Set<string>(Object.values(CLAIMS).flat());
  for (const profile of ['oidc', 'claveunica'] as const)
    t.deepEqual(
      Object.keys(claimsOf(profile, account(FULL))).filter((claim) => !opened.has(claim)),
      [],
    );
  t.deepEqual(CLAIMS.run, ['RolUnico']);
  t.deepEqual(
    [...CLAIMS.email, ...CLAIMS.phone].filter((claim) => !/^(email|phone_number)(_verified)?$/.test(claim)),
    [],
  );
});
