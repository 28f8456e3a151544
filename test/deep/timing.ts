import { activationCodeFrom } from '../../src/domain/code.ts';
import { parseRun } from '../../src/domain/run.ts';
import { keysOfUnknown } from '../../src/domain/throttle.ts';
import { activationBinding } from '../../src/flows/activation.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serve } from '../support/serve.ts';

/** SECURITY.md §1.0, TG: what an answer's time may tell of who it is about. */
const SAMPLES = Number(process.env['TIMING_SAMPLES'] ?? 500);
const [HOUR, DAY] = [3_600_000, 86_400_000];
const LIMITS = { median: 5, auc: [0.45, 0.55], ks: 0.103 } as const;
/** One of each class; all are tried with what is wrong. */
const CLASSES = {
  active: '12.345.678-5',
  'active, no mailbox': '16.161.616-8',
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

const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const from = '198.51.100.1';
const headers = { 'x-forwarded-for': from };
type App = Awaited<ReturnType<typeof serve>>;
type Route = {
  readonly status: number;
  readonly open: (app: App) => Promise<{
    readonly attempt: (run: string) => Promise<number>;
    /** What has to be as it was before each try, and is not timed. */
    readonly before?: (run: string) => Promise<unknown>;
  }>;
};
/** A visitor at the first page of a flow, and the token of its forms. */
async function at(app: App, path: string) {
  const user = app.visitor();
  const csrf = csrfOf((await user.get(path, headers)).text);
  return async (to: string, form: Readonly<Record<string, string>>) =>
    (await user.post(to, { csrf, ...form }, headers)).status;
}
/** Each class at its first letter of the hour: over the limit another path is taken, and that is not what is asked here. */
const forget = (app: App) => app.live.db('codes').where({ purpose: 'recovery' }).delete();

/** One try on each route that must not tell people apart, and the status it is answered with. */
const ROUTES: Readonly<Record<string, Route>> = {
  login: {
    status: 422,
    async open(app) {
      const user = app.visitor();
      const { location } = await user.get(authorizeUrl(app.origin), headers);
      const csrf = csrfOf((await user.get(location, headers)).text);
      return { attempt: async (run) => (await user.post(location, { csrf, run, password: 'wrong' }, headers)).status };
    },
  },
  recovery: {
    status: 303,
    async open(app) {
      const post = await at(app, '/recuperar');
      return { attempt: (run) => post('/recuperar', { run }), before: () => forget(app) };
    },
  },
  'code of a recovery': {
    status: 422,
    async open(app) {
      const post = await at(app, '/recuperar');
      const before = async (run: string) => {
        await forget(app);
        await post('/recuperar', { run });
      };
      return { attempt: (run) => post('/recuperar/codigo', { run, codigo: 'WRNGC0DE' }), before };
    },
  },
  activation: {
    status: 422,
    async open(app) {
      const post = await at(app, '/activar');
      const codigo = activationCodeFrom(Buffer.alloc(13, 7));
      /**
       * Who is not activated yet has one code that waits for her, with all its tries; the same is done for the others, where
       * nobody looks. Codes of tries before are gone, as nobody has hundreds.
       */
      const before = async (run: string) => {
        const hers = run === CLASSES['not activated'];
        const known = hers ? await app.parts.accounts.forLogin(parseRun(run)!) : undefined;
        const now = app.parts.clock();
        await app.parts.codes.sweep(now + 2 * DAY);
        await app.parts.codes.issue({
          ...{
            purpose: 'activation',
            accountId: known?.account.id,
            now,
            code: activationCodeFrom(Buffer.alloc(13, 9)),
          },
          ...{
            binding: hers ? activationBinding(parseRun(run)!) : 'of nobody',
            lifetime: HOUR,
            perHour: 9,
            perDay: 99,
          },
        });
      };
      return { attempt: (run) => post('/activar', { run, codigo }), before };
    },
  },
  request: {
    status: 303,
    async open(app) {
      const post = await at(app, '/obtener');
      let turn = 0;
      const form = { documento: '100.200.300', telefono: '' };
      return { attempt: (run) => post('/obtener', { run, ...form, email: `a${turn++}@correo.example` }) };
    },
  },
};

/** Other people who sign in meanwhile. */
async function others(app: App, count: number, going: () => boolean): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const address = { 'x-forwarded-for': `203.0.113.${n}` };
      while (going()) {
        const other = app.visitor();
        const { location: page } = await other.get(authorizeUrl(app.origin), address);
        const csrf = csrfOf((await other.get(page, address)).text);
        await other.post(page, { csrf, run: '88.888.888-8', password: 'testing' }, address);
      }
    }),
  );
}

/**
 * Every pair of classes on each route, idle or beside three loops of other people who sign in. A sound build fails by
 * chance now and then: a route with a pair that fails is tried again, and only a pair that fails twice counts (§1.0).
 */
export async function timingGate(loaded: boolean, progress: (text: string) => void): Promise<readonly Verdict[]> {
  const app = await serve({
    redis: true,
    env: { TRUSTED_PROXIES: '127.0.0.1', HASH_CONCURRENCY: '1' },
    // What a page may bear in a minute is not the question here.
    replace: ({ limits }) => ({ limits: { ...limits, take: async () => true } }),
  });
  let going = true;
  const company = others(app, loaded ? 3 : 0, () => going);
  try {
    const verdicts: Verdict[] = [];
    for (const [name, route] of Object.entries(ROUTES)) {
      const say = (text: string) => progress(`timing of ${name}${loaded ? ' under load' : ''}: ${text}`);
      const first = judge(name, await sample(app, route, say));
      if (first.every(({ good }) => good)) {
        verdicts.push(...first);
        continue;
      }
      const failed = new Set(first.filter(({ good }) => !good).map(({ pair }) => pair));
      say(`again, for ${[...failed].join('; ')}`);
      const second = judge(name, await sample(app, route, say));
      verdicts.push(...second.map((each, at) => (failed.has(each.pair) ? each : (first[at] ?? each))));
    }
    return verdicts;
  } finally {
    going = false;
    await company;
    await app.close();
  }
}

/** Milliseconds of each try, by class; interleaved, each in its turn as the first of its kind. */
async function sample(
  app: App,
  { open, status }: Route,
  say: (text: string) => void,
): Promise<ReadonlyMap<string, number[]>> {
  const { attempt, before } = await open(app);
  const times = new Map<string, number[]>(Object.keys(CLASSES).map((name) => [name, []]));
  for (let n = -20; n < SAMPLES; n++) {
    if (n % 100 === 0) say(`${n} of ${SAMPLES}`);
    for (const name of Object.keys(CLASSES).sort(() => Math.random() - 0.5)) {
      const run = CLASSES[name as keyof typeof CLASSES];
      await before?.(run);
      const begun = performance.now();
      const answered = await attempt(run);
      if (n >= 0) times.get(name)?.push(performance.now() - begun);
      if (answered !== status) throw new Error(`timing: ${name} was answered ${answered}`);
      const keys = keysOfUnknown(parseRun(run)!, { network: '198.51.100.0/24', source: from });
      await app.parts.attempts.clear(keys);
    }
  }
  return times;
}

function judge(route: string, times: ReadonlyMap<string, readonly number[]>): readonly Verdict[] {
  const sorted = [...times].map(([name, values]) => [name, values.toSorted((a, b) => a - b)] as const);
  return sorted.flatMap(([one, a], index) =>
    sorted.slice(index + 1).map(([two, b]) => {
      const { auc, ks } = compare(a, b);
      const apart = Math.abs(median(a) - median(b));
      const good = apart <= LIMITS.median && auc >= LIMITS.auc[0] && auc <= LIMITS.auc[1] && ks <= LIMITS.ks;
      return { pair: `${route}: ${one} / ${two}`, median: apart, auc, ks, good };
    }),
  );
}
