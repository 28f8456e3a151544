import { appendFile, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { fileAnchors } from '../../src/gateways/anchors.ts';

const anchorOf = (block: number) => ({
  ...{ block, to: String(block * 1000), at: 1_700_000_000_000 + block },
  ...{ hash: 'h'.repeat(block % 43), signature: 's'.repeat(86) },
});
const place = async (t: ExecutionContext) => {
  const dir = await mkdtemp(join(tmpdir(), 'anchors-'));
  t.teardown(() => rm(dir, { recursive: true }));
  return join(dir, 'deeper', 'anchors.jsonl');
};
const blocksOf = (all: readonly { readonly block: number }[]) => all.map(({ block }) => block);

test('R-72: of many anchors those of some blocks are found, wherever they stand, and the newest', async (t) => {
  const path = await place(t);
  const anchors = fileAnchors(path);
  t.deepEqual([await anchors.newest(), await anchors.of(1, 10)], [0, []], 'there is no file yet');
  await anchors.add(anchorOf(1));
  t.deepEqual([await anchors.newest(), await anchors.of(1, 10)], [1, [anchorOf(1)]]);
  // Of several machines: not quite in order, and one block is another file's.
  const others = Array.from({ length: 5000 }, (_, n) => (n + 2) ^ 1).filter((block) => block !== 3000);
  await appendFile(path, others.map((block) => `${JSON.stringify(anchorOf(block))}\n`).join(''));
  t.is(await anchors.newest(), 5001);
  for (const first of [1, 2, 17, 999, 2995, 4990])
    t.deepEqual(
      blocksOf(await anchors.of(first, first + 9)).sort((a, b) => a - b),
      Array.from({ length: 10 }, (_, n) => first + n).filter((block) => block !== 3000),
    );
  t.deepEqual(await anchors.of(5002, 6000), []);
  t.is((await anchors.of(1, 5001)).length, 5000);
  await anchors.forget();
  t.is(await anchors.newest(), 0);
  await anchors.forget();
});

test('R-72: a file of many years is not read as a whole', async (t) => {
  const path = await place(t);
  const anchors = fileAnchors(path);
  await anchors.add(anchorOf(1));
  // Longer than any text can be: what lies between is a hole, on which nobody may stumble who looks for the end.
  const file = await open(path, 'r+');
  const tail = Array.from({ length: 100 }, (_, n) => `\n${JSON.stringify(anchorOf(9_000_000 + n))}`).join('');
  await file.write(`${tail}\n`, 2 ** 31, 'latin1');
  await file.close();
  await t.throwsAsync(readFile(path, 'utf8'));
  t.is(await anchors.newest(), 9_000_099);
});
