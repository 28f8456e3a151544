import type { Page } from 'playwright-core';
import { callInstances, saidOn } from '../support/call-instances.ts';
import { startCoturn } from '../support/coturn.ts';
import type { Check } from './machine.ts';

const TIMES = Number(process.env['CALLS'] ?? 20);
const WANTED_MS = 2000;

/** Notes when the page is in, and when the first picture of the other side is there to be shown. */
function watch(): void {
  const note = (what: string) => {
    document.documentElement.dataset[what] ??= String(performance.timeOrigin + performance.now());
  };
  const Own = WebSocket;
  globalThis.WebSocket = class extends Own {
    constructor(...how: ConstructorParameters<typeof Own>) {
      super(...how);
      this.addEventListener('message', ({ data }: MessageEvent<string>) => {
        if (data.includes('"what":"in"')) note('in');
      });
    }
  };
  document.addEventListener(
    'loadeddata',
    ({ target }) => {
      if (target instanceof HTMLVideoElement && target.dataset['part'] === 'remote') note('seen');
    },
    { capture: true },
  );
}
const marked = async (page: Page, what: 'in' | 'seen') =>
  Number(await page.locator('html').getAttribute(`data-${what}`));

/** From both in to the first picture on both sides; the officer comes to a citizen who waits. */
async function times(env: Readonly<Record<string, string>>): Promise<{ all: readonly number[]; routes: Set<string> }> {
  const two = await callInstances(env);
  try {
    const all: number[] = [];
    const routes = new Set<string>();
    for (let n = 0; n < TIMES; n++) {
      const call = await two.drawn();
      const pages = [await two.phone.newPage(), await two.desk.newPage()] as const;
      for (const page of pages) await page.addInitScript(watch);
      await pages[0].goto(call.citizen);
      await saidOn(pages[0], 'absent');
      await pages[1].goto(call.officer);
      for (const page of pages) {
        await saidOn(page, 'connected');
        await page.waitForSelector('html[data-seen]', { state: 'attached' });
        await page.waitForSelector('[data-call][data-route]:not([data-route=""])');
        routes.add((await page.locator('[data-call]').getAttribute('data-route')) ?? '');
      }
      const [seen, within] = await Promise.all(
        (['seen', 'in'] as const).map((what) => Promise.all(pages.map((page) => marked(page, what)))),
      );
      all.push(Math.max(...(seen ?? [])) - Math.max(...(within ?? [])));
      await Promise.all(pages.map((page) => page.close()));
    }
    return { all: all.toSorted((a, b) => a - b), routes };
  } finally {
    await two.close();
  }
}

export async function calls(progress: (text: string) => void): Promise<readonly Check[]> {
  const coturn = await startCoturn();
  try {
    const ways = [
      { way: 'from browser to browser', env: {}, route: ['host', 'prflx'] },
      { way: 'through a relay alone', env: { ...coturn.env, TURN_ONLY: '1' }, route: ['relay'] },
    ];
    const checks: Check[] = [];
    for (const { way, env, route } of ways) {
      progress(`calls ${way}`);
      const { all, routes } = await times(env);
      const [median, worst] = [all[Math.floor(all.length / 2)] ?? 0, all.at(-1) ?? 0];
      checks.push({
        what: `video call ${way}: from both in to the first picture on both sides, ${all.length} calls, two instances`,
        seen: `median ${median.toFixed(0)} ms, longest ${worst.toFixed(0)} ms`,
        wanted: '2 s',
        good: worst <= WANTED_MS && [...routes].every((each) => route.includes(each)),
      });
    }
    return checks;
  } finally {
    await coturn.stop();
  }
}
