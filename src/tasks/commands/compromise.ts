import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseRun, type Run } from '../../domain/run.ts';
import { compromise } from '../../flows/compromise.ts';
import { command, WrongUsage, wordsOf } from './command.ts';
import { operatorName } from './operator.ts';

const AT_ONCE = 1000;
const SHOWN = 20;

/** `clave people compromise`: a list that somebody found, or one person who says so. */
export const compromiseCommand = command({
  name: 'people compromise',
  summary:
    'There is evidence that others know the ClaveÚnica of these people (a list that was found, say): their sessions end, and their next sign-in makes them choose another one, by mail or with their second factor (R-02). FILE has a RUN a line, first in the line; or one --run. Again is nothing new.',
  options: {
    file: { value: 'FILE', meaning: 'RUNs, one a line; what follows a comma or a semicolon is not read' },
    run: { value: 'R', meaning: 'one person, in any spelling' },
    reason: { value: 'WORDS', needed: true, meaning: 'where the evidence is from, for the record; no personal data' },
  },
  run: async (given, access) => {
    const [file, one] = [given.maybe('file'), given.maybe('run')];
    if ((file === undefined) === (one === undefined)) throw new WrongUsage('--file or --run, one of them');
    const { parts } = await access.ready();
    const details = { operator: operatorName(), reason: given.text('reason').slice(0, 200) };
    let [read, hit] = [0, 0];
    const wrong: number[] = [];
    let waiting: Run[] = [];
    const take = async () => {
      hit += await compromise(parts, waiting, details);
      waiting = [];
    };
    for await (const [line, typed] of one === undefined ? linesOf(file ?? '') : [[1, one] as const]) {
      read += 1;
      const run = parseRun(typed);
      if (run) waiting.push(run);
      else wrong.push(line);
      if (waiting.length >= AT_ONCE) await take();
    }
    await take();
    if (one !== undefined && wrong.length > 0) throw new WrongUsage('--run is not a RUN: its check digit is wrong');
    const json = { read, must_change: hit, wrong_lines: wrong.length, lines: wrong.slice(0, SHOWN) };
    const more =
      wrong.length === 0 ? '' : `\n${wrong.length} lines hold no RUN, the first: ${wrong.slice(0, SHOWN).join(', ')}`;
    return {
      json,
      text: `${hit} of ${read} people must choose a new ClaveÚnica at their next sign-in${more}`,
      failed: wrong.length > 0,
    };
  },
});

async function* linesOf(file: string): AsyncGenerator<readonly [number, string]> {
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity });
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      const [first = ''] = line.split(/[,;\t]/);
      if (first.trim() !== '') yield [number, first];
    }
  } catch (error) {
    throw new WrongUsage(wordsOf(error), { cause: error });
  }
}
