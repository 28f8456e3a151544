import { setTimeout as sleep } from 'node:timers/promises';
import { createJar, type Answer, type Client, type Cookies } from '../../bench/client.ts';
import { discovery, logIn, newVisitor, openSite, type Site } from '../../bench/flows.ts';
import { memoryOf } from '../../bench/machine.ts';
import { demoPeople, RP, type Person } from '../../bench/people.ts';
import type { Server } from '../../bench/servers.ts';
import { checkDigit } from '../../src/domain/run.ts';
import { CHALLENGE } from '../support/rp.ts';
import { openLoop, percentile, type Sample } from './pace.ts';
import { onTwoCores, type Check } from './machine.ts';

const SECONDS = Number(process.env['FLOOD_SECONDS'] ?? 60);
const ATTEMPTS_A_SECOND = 500;
const ADDRESSES = 50;
/** One in so many begins with a request of its own; the others type into a page that is open. */
const FRESH = 10;
const LIMITS = { server: 200, known: 0.95, knownMs: 3000, growthMb: 250, recovery: 10 };

/** Five hundred wrong passwords a second from fifty addresses, while relying parties and people go about their business. */
export async function flood(progress: (text: string) => void): Promise<readonly Check[]> {
  return onTwoCores(
    {
      name: 'flood',
      env: { LOG_LEVEL: 'error' },
    },
    async (server) => {
      const site = await openSite(server.origin);
      const homes = await settle(site, demoPeople());
      const calm = await daily(site, homes, 5);
      const before = memoryOf(server.pid).rss;
      progress(`flood: ${SECONDS} s of ${ATTEMPTS_A_SECOND} wrong passwords a second`);
      const attack = attackers(site);
      const [statuses, during, peak] = await Promise.all([
        openLoop({ rate: ATTEMPTS_A_SECOND, seconds: SECONDS }, attack),
        daily(site, homes, SECONDS),
        watchMemory(server, SECONDS),
      ]);
      progress('flood: over');
      const recovered = await recovery(server);
      site.client.close();
      return verdicts({ calm, during, statuses, growth: peak - before, peak, recovered });
    },
  );
}

/** Whose device it is. */
export type Home = { readonly person: Person; readonly device: Cookies };

/** Everybody has signed in once, from a device of her own. */
export async function settle(site: Site, people: readonly Person[]): Promise<readonly Home[]> {
  const homes = people.map((person) => ({ person, device: new Map() as Cookies }));
  for (let round = 0; round < 5; round++)
    for (const { person, device } of homes) await logIn(site, newVisitor(person, device));
  return homes;
}

export type Daily = { readonly servers: readonly Sample[]; readonly people: readonly Sample[] };

/** What goes on every day: sites read discovery and keys, people come back on their devices. */
export async function daily(site: Site, homes: readonly Home[], seconds: number): Promise<Daily> {
  const jwks = site.discovery.replace(/\/\.well-known.*/, '/jwks');
  const [servers, people] = await Promise.all([
    openLoop({ rate: 20, seconds }, async (turn) => {
      if (turn % 2 === 0) return discovery(site);
      const { status } = await site.client.ask({ path: jwks });
      if (status !== 200) throw new Error(`jwks: ${status}`);
    }),
    openLoop({ rate: 3, seconds }, async (turn) => {
      const { person, device } = homes[turn % homes.length]!;
      await logIn(site, newVisitor(person, device));
    }),
  ]);
  return { servers, people };
}

/** Nobody tries her: she comes from elsewhere afterwards. */
const [SPARED, ...ATTACKED] = demoPeople();

/** Half of the attempts are on people who exist. */
const someRun = (turn: number): string => {
  if (turn % 2 === 0) return ATTACKED[turn % ATTACKED.length]!.run;
  const body = 5_000_000 + ((turn * 7919) % 20_000_000);
  return `${body}-${checkDigit(body)}`;
};

const QUERY = new URLSearchParams({
  ...{ client_id: RP.id, redirect_uri: RP.redirectUri, response_type: 'code', scope: RP.scope, state: 's' },
  ...{ code_challenge: CHALLENGE, code_challenge_method: 'S256' },
}).toString();

type Bot = {
  readonly headers: Record<string, string>;
  jar: ReturnType<typeof createJar>;
  page?: { action: string; csrf: string };
};

/** Fifty addresses in fifty networks; each attempt throws its status, which is then counted. */
function attackers(site: Site): (turn: number) => Promise<string> {
  const bots = Array.from({ length: ADDRESSES }, (_, n): Bot => ({
    headers: { accept: 'text/html', 'x-forwarded-for': `198.18.${n}.7` },
    jar: createJar(),
  }));
  return async (turn) => {
    const bot = bots[turn % ADDRESSES]!;
    if (!bot.page || turn % FRESH === 0) {
      const status = await openPage(site, bot);
      if (status !== 200) return `page ${status}`;
    }
    const { page } = bot;
    if (!page) return 'no page';
    const form = { csrf: page.csrf, run: someRun(turn), password: `wrong-${turn}` };
    const { status, headers } = await ask(site.client, bot, { path: page.action, form });
    if (status === 404 || status === 400) delete bot.page;
    return headers.location?.includes('/paso') ? 'asked for a code' : String(status);
  };
}

async function openPage(site: Site, bot: Bot): Promise<number> {
  const fresh = { ...bot, jar: createJar() };
  const begun = await ask(site.client, fresh, { path: `${site.authorize}?${QUERY}` });
  if (begun.status !== 303) return begun.status;
  const { status, text } = await ask(site.client, fresh, { path: begun.headers.location ?? '' });
  const action = /<form[^>]* action="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1];
  if (action !== undefined && csrf !== undefined) Object.assign(bot, { jar: fresh.jar, page: { action, csrf } });
  return status;
}

async function ask(
  client: Client,
  { headers, jar }: Bot,
  page: { path: string; form?: Record<string, string> },
): Promise<Answer> {
  const { path, form } = page;
  const all = { ...headers, ...jar.header(path) };
  const sent = form && {
    ...{ method: 'POST' as const, body: new URLSearchParams(form).toString() },
    headers: { ...all, 'content-type': 'application/x-www-form-urlencoded' },
  };
  const answer = await client.ask({ path, headers: all, ...sent });
  jar.keep(answer.headers['set-cookie']);
  return answer;
}

async function watchMemory({ pid }: Server, seconds: number): Promise<number> {
  let peak = 0;
  for (let n = 0; n < seconds * 2; n++) {
    peak = Math.max(peak, memoryOf(pid).rss);
    await sleep(500);
  }
  return peak;
}

/** Seconds until somebody whom nobody knows signs in within a second, three times in a row. */
async function recovery(server: Server): Promise<number> {
  const begun = performance.now();
  const site = await openSite(server.origin);
  try {
    for (let row = 0; row < 3 && performance.now() - begun < 60_000;) {
      const from = performance.now();
      const good = await logIn(site, newVisitor(SPARED)).then(
        () => performance.now() - from < 1000,
        () => false,
      );
      row = good ? row + 1 : 0;
      if (!good) await sleep(100);
    }
    return (performance.now() - begun) / 1000;
  } finally {
    site.client.close();
  }
}

type Seen = {
  readonly calm: Daily;
  readonly during: Daily;
  readonly statuses: readonly Sample[];
  readonly growth: number;
  readonly peak: number;
  readonly recovered: number;
};

function verdicts({ calm, during, statuses, growth, peak, recovered }: Seen): readonly Check[] {
  const p99 = (samples: readonly Sample[]) => percentile(samples, 0.99);
  const inTime = ({ people }: Daily) =>
    people.filter(({ ms, fault }) => !fault && ms <= LIMITS.knownMs).length / people.length;
  const wrong = during.servers.filter(({ fault }) => fault);
  const counts = Map.groupBy(statuses, ({ fault, said }) => fault?.replace(/ \/.*/, '') ?? said ?? '');
  const answered = [...counts]
    .map(([status, all]) => `${all.length} × ${status.slice(0, 60)}`)
    .sort()
    .join(', ');
  return [
    {
      what: `flood: discovery and keys, ${during.servers.length} calls`,
      seen: `p99 ${p99(during.servers).toFixed(0)} ms (calm ${p99(calm.servers).toFixed(0)}), ${wrong.length} faults`,
      wanted: `p99 ≤ ${LIMITS.server} ms`,
      good: p99(during.servers) <= LIMITS.server && wrong.length === 0,
    },
    {
      what: `flood: logins on known devices, ${during.people.length}`,
      seen: `${(inTime(during) * 100).toFixed(1)} % within ${LIMITS.knownMs / 1000} s, p95 ${percentile(during.people, 0.95).toFixed(0)} ms`,
      wanted: `≥ ${LIMITS.known * 100} %`,
      good: inTime(during) >= LIMITS.known,
    },
    {
      what: 'flood: memory',
      seen: `${peak.toFixed(0)} MB at most, ${growth.toFixed(0)} MB more than before`,
      wanted: `≤ ${LIMITS.growthMb} MB more`,
      good: growth <= LIMITS.growthMb,
    },
    {
      what: 'flood: afterwards somebody unknown signs in within a second, thrice',
      seen: `after ${recovered.toFixed(1)} s`,
      wanted: `≤ ${LIMITS.recovery} s`,
      good: recovered <= LIMITS.recovery,
    },
    { what: `flood: attempts, ${statuses.length}`, seen: answered, wanted: 'none gets in', good: !counts.has('303') },
  ];
}
