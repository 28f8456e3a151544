import test from 'ava';
import fc from 'fast-check';
import { crockford } from '../../src/domain/crockford.ts';
import { saidRequest } from '../../src/domain/help-code.ts';

test('a help code says how the id of its request begins, and so does the id', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
      const id = Buffer.from(bytes).toString('base64url');
      t.deepEqual(saidRequest(id), { beginnings: [id.slice(0, 7)], whole: id });
      const code = crockford(bytes.subarray(0, 5));
      const said = saidRequest(` ${code.toLowerCase()} `);
      t.true(said?.beginnings.includes(id.slice(0, 7)));
      t.is(said?.beginnings.length, 4);
      t.deepEqual(saidRequest(code.replaceAll('0', 'o').replaceAll('1', 'l')), said, 'as it is read out');
    }),
  );
  for (const no of ['', '7K2M', '7K2M-9QXT-4B8N', '12.345.678-5', 'auditoría', '7K2M-9QXU', 'x'.repeat(17)])
    t.is(saidRequest(no), undefined, no);
});
