import test from 'ava';
import fc from 'fast-check';
import { randomStock } from '../../src/gateways/chance.ts';
import { createVault } from '../../src/gateways/vault.ts';
import { NEW_KEY, OLD_KEY, oldVault, rotatedVault } from '../support/memory/versions.ts';

const vault = oldVault();
const place = 'accounts.person.1';

test('what is sealed opens again, whatever it is, and shows nothing of itself (R-78)', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (plain) => {
      const sealed = vault.seal(plain, place);
      t.is(vault.open(sealed, place), plain);
      if (plain.length > 4) t.false(sealed.includes(Buffer.from(plain)));
    }),
  );
});

test('the same value twice is two ciphertexts (R-78)', (t) => {
  const sealed = Array.from({ length: 50 }, () => vault.seal('12345678-5', place).toString('hex'));
  t.is(new Set(sealed).size, 50);
});

test('random bytes are of the wanted length, new each time, and never of the stock again (R-78)', (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 8, max: 100 }), { maxLength: 60 }), (lengths) => {
      // So small that it is filled anew within a few.
      const take = randomStock(64);
      const taken = lengths.map(take);
      t.deepEqual(
        taken.map(({ length }) => length),
        lengths,
      );
      t.is(new Set(taken.map((bytes) => bytes.toString('hex', 0, 8))).size, taken.length);
      const before = taken.map((bytes) => bytes.toString('hex'));
      for (let n = 0; n < 8; n++) take(16).fill(0);
      t.deepEqual(
        taken.map((bytes) => bytes.toString('hex')),
        before,
      );
    }),
    { numRuns: 50 },
  );
});

test('of a sealed value no bit can be changed, and no byte be missing or added (R-78)', (t) => {
  const sealed = vault.seal('12345678-5', place);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    const at = Math.floor(bit / 8);
    changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit % 8)), at);
    t.throws(() => vault.open(changed, place), undefined, `bit ${bit}`);
  }
  for (let length = 0; length < sealed.length; length++) t.throws(() => vault.open(sealed.subarray(0, length), place));
  t.throws(() => vault.open(Buffer.concat([sealed, Buffer.of(0)]), place));
  t.is(vault.open(sealed, place), '12345678-5');
});

test('a value opens in its place only (R-78)', (t) => {
  const sealed = vault.seal('x', place);
  for (const other of ['accounts.person.2', 'accounts.person.', '', `${place} `])
    t.throws(() => vault.open(sealed, other));
  t.is(vault.open(sealed, place), 'x');
});

test('after a rotation the old opens, the new gets the new key, and who lacks a key says so (R-83)', (t) => {
  const rotated = rotatedVault();
  const [before, after] = [vault.seal('old', place), rotated.seal('new', place)];
  t.deepEqual([rotated.open(before, place), rotated.open(after, place)], ['old', 'new']);
  t.throws(() => vault.open(after, place), { message: /key that is not here/ });
  const retired = createVault([NEW_KEY]);
  t.is(retired.open(after, place), 'new');
  t.throws(() => retired.open(before, place), { message: /key that is not here/ });
});

test('a key of the same name that is another key opens nothing', (t) => {
  const impostor = createVault([{ id: OLD_KEY.id, key: NEW_KEY.key }]);
  t.throws(() => impostor.open(vault.seal('x', place), place));
});

test('an index is the same for the same value and place, under each key, the new one first (R-77, R-83)', (t) => {
  const [old] = vault.indexes('12345678-5', 'accounts.run');
  const [first, second, ...rest] = rotatedVault().indexes('12345678-5', 'accounts.run');
  t.deepEqual(second, old);
  t.notDeepEqual(first, old);
  t.deepEqual(rest, []);
  t.is(old.length, 32);
  const others = [
    vault.indexes('12345678-5', 'devices.person'),
    vault.indexes('12345678-6', 'accounts.run'),
    vault.indexes('5', 'accounts.run\u000012345678-'),
  ];
  for (const [other] of others) t.notDeepEqual(other, old);
});

test('each use has a key of its own', (t) => {
  const signing = [vault.signing('cookies'), vault.signing('forms')].map(([key]) => key);
  const keys = [...signing, vault.pepper()?.key.toString('base64url'), OLD_KEY.key.toString('base64url')];
  t.is(new Set(keys).size, 4);
});

test('signing keys: the new one signs, the old one is still accepted (R-83)', (t) => {
  const [old] = vault.signing('cookies');
  const [first, second] = rotatedVault().signing('cookies');
  t.is(second, old);
  t.not(first, old);
});

test('peppers: today’s by default, each by its id, unknown ones not at all', (t) => {
  const rotated = rotatedVault();
  t.is(rotated.pepper()?.id, 'new');
  t.deepEqual(rotated.pepper('old'), vault.pepper());
  t.is(rotated.pepper('gone'), undefined);
});

test('without a key there is no vault', (t) => {
  t.throws(() => createVault([]), { message: /at least one master key/ });
});
