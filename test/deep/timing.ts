import { parseRun, type Run } from '../../src/domain/run.ts';
import { keysOfUnknown } from '../../src/domain/throttle.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serve } from '../support/serve.ts';

/** SECURITY.md §1.0, TG: what an answer's time may tell of who it is about. */
const SAMPLES = 500;
const LIMITS = { median: 5, auc: [0.45, 0.55], ks: 0.103 } as const;
/** One of each class; all are tried with a password that is wrong. */
const CLASSES = {
  wrong: '12.345.678-5',
  unknown: '22.222.222-2',
  'not activated': '17.171.717-5',
  blocked: '24.681.357-4',
  deceased: '6.543.210-2',
};
export type Verdict = {
  readonly pair: string;
  readonly median: number;
  readonly auc: number;
  readonly ks: number;
  readonly good: boolean;
};

const median = (sorted: readonly number[]) => sorted[Math.floor(sorted.length / 2)] ?? NaN;

/** Mann-Whitney's AUC and Kolmogorov-Smirnov's D of two sorted samples. */
export function compare(a: readonly number[], b: readonly number[]): { auc: number; ks: number } {
  let [wins, ks, i, j] = [0, 0, 0, 0];
  for (const value of a) {
    let [below, same] = [0, 0];
    for (const other of b) {
      if (other < value) below += 1;
      else if (other === value) same += 1;
    }
    wins += below + same / 2;
  }
  while (i < a.length && j < b.length) {
    if ((a[i] ?? 0) <= (b[j] ?? 0)) i += 1;
    else j += 1;
    ks = Math.max(ks, Math.abs(i / a.length - j / b.length));
  }
  return { auc: wins / (a.length * b.length), ks };
}

/** Every pair of classes, idle or beside three loops of other people who sign in. */
export async function timingGate(loaded: boolean, progress: (text: string) => void): Promise<readonly Verdict[]> {
  const app = await serve({
    redis: true,
    env: { TRUSTED_PROXIES: '127.0.0.1', HASH_CONCURRENCY: '1' },
    // What a page may bear in a minute is not the question here.
    replace: ({ limits }) => ({ limits: { ...limits, take: async () => true } }),
  });
  const user = app.visitor();
  const from = '198.51.100.1';
  const headers = { 'x-forwarded-for': from };
  const { location } = await user.get(authorizeUrl(app.origin), headers);
  const csrf = /name="csrf" value="([^"]+)"/.exec((await user.get(location, headers)).text)?.[1] ?? '';
  let going = true;
  const others = Array.from({ length: loaded ? 3 : 0 }, async (_, n) => {
    const address = { 'x-forwarded-for': `203.0.113.${n}` };
    while (going) {
      const other = app.visitor();
      const { location: page } = await other.get(authorizeUrl(app.origin), address);
      const token = /name="csrf" value="([^"]+)"/.exec((await other.get(page, address)).text)?.[1] ?? '';
      await other.post(page, { csrf: token, run: '88.888.888-8', password: 'testing' }, address);
    }
  });
  try {
    const times = new Map<string, number[]>(Object.keys(CLASSES).map((name) => [name, []]));
    const forgive = (run: Run) =>
      app.parts.attempts.forgive(keysOfUnknown(run, { network: '198.51.100.0/24', source: from }), app.parts.clock());
    for (let n = -20; n < SAMPLES; n++) {
      if (n % 100 === 0) progress(`timing${loaded ? ' under load' : ''}: ${n} of ${SAMPLES}`);
      for (const name of Object.keys(CLASSES).sort(() => Math.random() - 0.5)) {
        const run = CLASSES[name as keyof typeof CLASSES];
        const begun = performance.now();
        const { status } = await user.post(location, { csrf, run, password: 'wrong' }, headers);
        if (n >= 0) times.get(name)?.push(performance.now() - begun);
        if (status !== 422) throw new Error(`timing: ${name} was answered ${status}`);
        await forgive(parseRun(run)!);
      }
    }
    const sorted = [...times].map(([name, values]) => [name, values.toSorted((a, b) => a - b)] as const);
    return sorted.flatMap(([one, a], index) =>
      sorted.slice(index + 1).map(([two, b]) => {
        const { auc, ks } = compare(a, b);
        const apart = Math.abs(median(a) - median(b));
        const good = apart <= LIMITS.median && auc >= LIMITS.auc[0] && auc <= LIMITS.auc[1] && ks <= LIMITS.ks;
        return { pair: `${one} / ${two}`, median: apart, auc, ks, good };
      }),
    );
  } finally {
    going = false;
    await Promise.all(others);
    await app.close();
  }
}
