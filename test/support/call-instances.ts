import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import { parseRun } from '../../src/domain/run.ts';
import { address } from './address.ts';
import { ALLOWED, cameraBrowser, caseWithRoom, DESKTOP, PHONE } from './call.ts';
import { staffBrowser } from './console.ts';
import { startProduct } from './product.ts';
import { silent, theClock } from './serve.ts';
import { migratedDatabase } from './migrated.ts';
import { freePort, startRedis } from './servers.ts';

const ROSA = parseRun('7.654.321-6')!;
const PEDRO = parseRun('22.222.222-2')!;

/**
 * Two instances of the product on one Postgres and one Redis; the console's address leads to the first of them and the
 * public one to the second, each to the other one when that is gone. Two browsers with cameras.
 */
export async function callInstances(more: Readonly<Record<string, string>> = {}) {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const [database, redis] = [
      await migratedDatabase(),
      await startRedis({ dir: await mkdtemp(join(tmpdir(), 'redis-')) }),
    ];
    closers.push(database.drop, redis.close);
    const ports = [await freePort(), await freePort()] as const;
    const consolePorts = [await freePort(), await freePort()] as const;
    const [front, staffFront] = [await address(ports.toReversed()), await address(consolePorts)];
    closers.push(front.close, staffFront.close);
    const env = {
      ...{ PUBLIC_ORIGIN: front.origin, CONSOLE_ORIGIN: staffFront.origin, DEMO_PORT: '0', METRICS_PORT: '0' },
      ...{ DATABASE_URL: database.url, REDIS_URL: redis.url, MASTER_KEYS: `test:${'k'.repeat(43)}` },
      ...more,
    };
    const start = (at: 0 | 1) =>
      startProduct({ ...env, PORT: String(ports[at]), CONSOLE_PORT: String(consolePorts[at]) });
    const products = await Promise.all([start(0), start(1)]);
    closers.push(() => Promise.all(products.map(async (each) => (await each.stop('SIGINT'), each.remove()))));
    const live = await connect(readConfig({ ...env, PORT: String(ports[0]) }), { log: silent, clock: theClock() });
    closers.push(live.close);
    const rosa = await staffBrowser({ parts: live.parts, console: staffFront.origin }, ROSA, { trainedAt: Date.now() });
    const browsers = [await cameraBrowser(), await cameraBrowser()] as const;
    closers.push(() => Promise.all(browsers.map((each) => each.close())));
    const [phone, desk] = [
      await browsers[0].newContext({ locale: 'es-CL', ...PHONE, ...ALLOWED }),
      await browsers[1].newContext({ locale: 'es-CL', ...DESKTOP, ...ALLOWED }),
    ];
    const cookie = (await rosa.jar.getCookies(staffFront.origin)).find(({ key }) => key === 'cu_console')!;
    await desk.addCookies([{ name: cookie.key, value: cookie.value, url: staffFront.origin }]);
    return {
      ...{ parts: live.parts, products, close, phone, desk },
      /** In place of one that has ended. */
      restart: async (at: 0 | 1) => {
        await products[at].remove();
        products[at] = await start(at);
      },
      /** Pedro waits for his call; Rosa's page draws it. */
      waiting: async () => {
        const { caseId, token } = await caseWithRoom(live.parts, { run: PEDRO });
        await live.parts.queues.join({ caseId, channel: 'video', office: '', joinedAt: Date.now() });
        return { citizen: `${front.origin}/videollamada/${token}`, agenda: `${staffFront.origin}/agenda` };
      },
      /** A call that Rosa has drawn, and the addresses of its two pages. */
      drawn: async () => {
        const { caseId, token } = await caseWithRoom(live.parts, { officer: rosa.accountId });
        return { citizen: `${front.origin}/videollamada/${token}`, officer: `${staffFront.origin}/llamada/${caseId}` };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export const saidOn = (page: Page, what: string, timeout = 60_000) =>
  page.waitForSelector(`[data-call][data-said="${what}"]`, { timeout });
const framesOf = (page: Page) => page.locator('[data-call]').getAttribute('data-frames').then(Number);
/** Pictures are decoded from now on. */
export async function seesMore(page: Page): Promise<boolean> {
  const before = await framesOf(page);
  for (let tries = 0; tries < 100; tries++) {
    if ((await framesOf(page)) > before) return true;
    await page.waitForTimeout(100);
  }
  return false;
}
