import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { emptyBreached, sha1Of } from '../../gateways/breached.ts';
import { command, Failure, wordsOf } from './command.ts';

/** As Pwned Passwords has them: `SHA1:COUNT`. */
const HASHED = /^([0-9a-f]{40})(?::\d+)?$/i;

const compile = command({
  name: 'passwords compile',
  summary:
    'Makes a filter for BREACHED_FILE out of a list: one password a line, or SHA-1 hashes as Pwned Passwords has them (`HASH:COUNT`). Any size; 14 bits a line, one in a thousand of other passwords is refused too. Nothing is asked of anybody.',
  operands: ['LIST'],
  options: { out: { value: 'FILE', needed: true, meaning: 'where the filter goes' } },
  run: async (given) => {
    const [list = ''] = given.operands;
    const out = given.text('out');
    try {
      const count = await eachLine(list, () => undefined);
      const filter = emptyBreached(count);
      await eachLine(list, (line) => filter.add(HASHED.exec(line)?.[1] ?? sha1Of(line.normalize('NFKC'))));
      await writeFile(out, filter.bytes);
      const { size } = await stat(out);
      return { json: { passwords: count, bytes: size, file: out }, text: `${String(count)} passwords in ${out}` };
    } catch (error) {
      throw new Failure(wordsOf(error), { cause: error });
    }
  },
});

/** Tells how many there were; empty ones are none. */
async function eachLine(path: string, act: (line: string) => void): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (line === '') continue;
    act(line);
    count += 1;
  }
  return count;
}

/** `clave passwords …` */
export const passwordCommands = [compile];
