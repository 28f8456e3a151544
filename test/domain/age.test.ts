import test from 'ava';
import { ageAt } from '../../src/domain/age.ts';
import { maskedEmail, maskedPhone } from '../../src/domain/contact.ts';

test('a year older on the birthday in Chile, not in Greenwich', (t) => {
  const last = Date.parse('2026-05-17T03:59:59Z');
  t.is(ageAt('2012-05-17', last), 13, 'in Santiago it is still the 16th');
  t.is(ageAt('2012-05-17', last + 1000), 14);
  t.is(ageAt('2012-05-18', last + 1000), 13);
  t.is(ageAt('2012-02-29', Date.parse('2026-03-01T12:00:00Z')), 14);
  t.is(ageAt('1980-05-17', last), 45);
});

test('of an address as much is shown as its owner recognises', (t) => {
  t.is(maskedEmail('maria@correo.cl'), 'm•••@correo.cl');
  t.is(maskedEmail('ñ@correo.cl'), 'ñ•••@correo.cl');
  t.is(maskedPhone('+56911112222'), '+56\u00a09\u00a0••••\u00a02222');
  t.is(maskedPhone('+4915112345678'), '••••\u00a05678');
});
