import test from 'ava';
import fc from 'fast-check';
import {
  changedContact,
  contactOf,
  currentContact,
  parseAddress,
  parsePhone,
  withContact,
} from '../../src/domain/contact-change.ts';
import { confirmedAddresses } from '../../src/domain/notice.ts';
import { parseRun } from '../../src/domain/run.ts';

const person = {
  ...{ run: parseRun('11.111.111-1')!, names: ['Rosa'], surnames: ['Soto'], birthdate: '1980-05-17' },
  ...{ email: 'a@correo.example', emailVerified: true, phone: '+56911111111', phoneVerified: false },
};

test('telephones are read as people write them', (t) => {
  for (const typed of [
    '9 1234 5678',
    '912345678',
    '+56 9 1234 5678',
    '+56-9-1234.5678',
    '56912345678',
    '９１２３４５６７８',
  ])
    t.is(parsePhone(typed), '+56912345678', typed);
  t.is(parsePhone('+1 (202) 555-0100'), '+12025550100');
  for (const typed of [
    '',
    '12345678',
    '+5691234',
    '+569123456789',
    '8 1234 5678',
    'nueve',
    '+0912345678',
    '9'.repeat(99),
  ])
    t.is(parsePhone(typed), undefined, typed);
});

test('an address is one address (R-89)', (t) => {
  t.is(parseAddress('  ana.perez+cu@Correo.example '), 'ana.perez+cu@Correo.example');
  for (const typed of [
    '',
    'ana',
    'ana@',
    '@x.cl',
    'a@b',
    'a@b.c',
    'a b@c.cl',
    'a@b.cl,c@d.cl',
    'a@b.cl\r\nBcc: c@d.cl',
    'a@b@c.cl',
  ])
    t.is(parseAddress(typed), undefined, typed);
  fc.assert(fc.property(fc.string(), (typed) => !/[\r\n,;]/.test(parseAddress(typed) ?? '')));
});

test('a change touches one thing, and is undone to what was (R-16)', (t) => {
  const changed = changedContact(changedContact(person, 'email', 'b@correo.example'), 'phone', '+56922222222');
  t.like(changed, { email: 'b@correo.example', emailVerified: true, phone: '+56922222222', phoneVerified: true });
  const later = { ...changed, names: ['Rosa', 'Elena'] };
  const undone = withContact(later, contactOf(person));
  t.like(undone, { ...contactOf(person), names: ['Rosa', 'Elena'] });
  t.is(currentContact('phone', person), undefined, 'what is not confirmed is none');
  t.is(currentContact('email', { ...person, emailVerified: false }), undefined);
  const two = changedContact(person, 'other-email', 'c@correo.example');
  t.deepEqual(confirmedAddresses(two), ['a@correo.example', 'c@correo.example']);
  t.deepEqual(confirmedAddresses(changedContact(two, 'other-email', undefined)), ['a@correo.example']);
});
