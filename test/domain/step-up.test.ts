import test from 'ava';
import fc from 'fast-check';
import { acr, ACRS, IDENTIFIED, STRENGTHS } from '../../src/domain/account.ts';
import { acrToReturn, reaches, stepUp } from '../../src/domain/assurance.ts';
import { amrOf, nameOfPasskey, parseTotp, strengthOf, type Factor } from '../../src/domain/factor.ts';

const means = (...kinds: Factor['kind'][]) => ({ factors: kinds.map((kind) => ({ kind })), mayAdd: true });
const wanted = (...values: string[]) => ({ values, essential: false });
const NOW = acr('presencial', '1f');

test('who has a factor that is enough is asked for it, at the strength of the first value that it reaches (R-08)', (t) => {
  const asked = wanted(acr('presencial', '2fr'), acr('presencial', '2f'));
  t.deepEqual(stepUp(NOW, asked, means('totp')), { kind: 'prove', strength: '2f' });
  t.deepEqual(stepUp(NOW, asked, means('passkey', 'totp')), { kind: 'prove', strength: '2fr' });
  t.deepEqual(stepUp(NOW, wanted(acr('video', '2f')), means('passkey')), { kind: 'prove', strength: '2f' });
});

test('who has none is led through setting one up; who has a weaker one shows that first', (t) => {
  t.deepEqual(stepUp(NOW, wanted(acr('presencial', '2f')), means()), { kind: 'set-up', strength: '2f' });
  t.deepEqual(stepUp(NOW, wanted(acr('video', '2fr')), means()), { kind: 'set-up', strength: '2fr' });
  const more = wanted(acr('presencial', '2fr'));
  t.deepEqual(stepUp(NOW, more, means('totp')), { kind: 'prove', strength: '2f' });
  t.deepEqual(stepUp(acr('presencial', '2f'), more, means('totp')), { kind: 'set-up', strength: '2fr' });
  t.deepEqual(stepUp(NOW, wanted(acr('presencial', '2f')), means('saved-codes')), { kind: 'set-up', strength: '2f' });
});

test('where nothing may be added, or how she was identified is not enough, nothing helps (R-14, R-52)', (t) => {
  t.is(stepUp(NOW, wanted(acr('presencial', '2f')), { factors: [], mayAdd: false }), undefined);
  t.is(stepUp(NOW, wanted(acr('biometrico', '1f'), acr('biometrico', '2fr')), means('passkey')), undefined);
  t.is(stepUp(NOW, wanted('urn:other', ''), means('passkey')), undefined);
});

test('whatever is asked of whomever, each step leads nearer, and the last one reaches a value that was asked', (t) => {
  const kinds = fc.uniqueArray(fc.constantFrom('passkey' as const, 'totp' as const, 'saved-codes' as const));
  const values = fc.array(fc.constantFrom(...ACRS, 'urn:other'), { minLength: 1 });
  fc.assert(
    fc.property(fc.constantFrom(...IDENTIFIED), kinds, values, (identified, own, list) => {
      const asked = wanted(...list);
      const factors = own.map((kind) => ({ kind }));
      let happened = acr(identified, '1f');
      for (let steps = 0; acrToReturn(happened, asked) === undefined; steps++) {
        const next = stepUp(happened, asked, { factors, mayAdd: true });
        if (!next) return list.every((value) => !reaches(acr(identified, '2fr'), value) || !ACRS.includes(value));
        const rank = (name: string) => STRENGTHS.findIndex((strength) => name.endsWith(strength));
        if (steps > 2 || rank(next.strength) <= rank(happened)) return false;
        if (next.kind === 'set-up') factors.push({ kind: next.strength === '2fr' ? 'passkey' : 'totp' });
        happened = acr(identified, next.strength);
      }
      return true;
    }),
  );
  t.pass();
});

test('`acr` and `amr` of each method (RFC 8176)', (t) => {
  t.deepEqual([strengthOf('totp'), strengthOf('saved-code'), strengthOf('passkey')], ['2f', '2f', '2fr']);
  t.deepEqual(amrOf('totp'), ['otp', 'mfa']);
  t.deepEqual(amrOf('passkey'), ['hwk', 'user', 'mfa']);
  t.deepEqual(amrOf('passkey', true), ['swk', 'user', 'mfa']);
});

test('six digits in any spelling are a code; all else is none', (t) => {
  for (const typed of ['123456', ' 123 456 ', '123-456', '１２３４５６', '123\u200b456'])
    t.is(parseTotp(typed), '123456');
  for (const typed of ['', '12345', '1234567', '12345a', '7K2M9QXT7K2M9QXT', '1'.repeat(100)])
    t.is(parseTotp(typed), undefined);
});

test('a passkey’s name is a short line, or what the browser is', (t) => {
  t.is(nameOfPasskey('  Teléfono de mamá ', 'x'), 'Teléfono de mamá');
  t.is(nameOfPasskey('', 'Chrome, Android'), 'Chrome, Android');
  t.is(nameOfPasskey('a\r\nBcc: x\u202e', 'x'), 'a  Bcc: x');
  t.is(Array.from(nameOfPasskey('😀'.repeat(50), 'x')).length, 40);
});
