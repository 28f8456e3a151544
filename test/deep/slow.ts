import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSite } from '../../bench/flows.ts';
import { memoryOf } from '../../bench/machine.ts';
import { onTwoCores, type Check } from './machine.ts';
import { openLoop, percentile } from './pace.ts';

const HEADERS = 2000;
const BODIES = 500;
const SECONDS = 22;
const LIMITS = { pageMs: 500, endMs: 15_000, growthMb: 150 };

/** Sockets that never come to the point: pages stay quick meanwhile, and the sockets are shown out. */
export async function slowSockets(progress: (text: string) => void): Promise<readonly Check[]> {
  return onTwoCores({ name: 'slow sockets', env: { LOG_LEVEL: 'error' } }, async (server) => {
    const { hostname, port, host } = new URL(server.origin);
    const site = await openSite(server.origin);
    const pages = (seconds: number) =>
      openLoop({ rate: 10, seconds }, async () => {
        const { status } = await site.client.ask({ path: '/', headers: { accept: 'text/html' } });
        if (status !== 200) throw new Error(`page: ${status}`);
      });
    await pages(3);
    const before = memoryOf(server.pid).rss;
    progress(`slow sockets: ${HEADERS + BODIES}`);
    const wish = { port: Number(port), host: hostname };
    const header = `GET / HTTP/1.1\r\nhost: ${host}\r\nx-slow: `;
    const body = `POST /openid/token HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\n`;
    const lives: Promise<number>[] = [];
    const openAll = async () => {
      for (let n = 0; n < HEADERS + BODIES; n++) {
        lives.push(slow({ ...wish, begin: n < HEADERS ? header : body }));
        if (n % 50 === 0) await sleep(20);
      }
    };
    const [samples, peak] = await Promise.all([pages(SECONDS), peakOf(server.pid), openAll()]);
    const ages = await Promise.all(lives);
    site.client.close();
    const late = ages.filter((ms) => ms > LIMITS.endMs);
    const faults = samples.filter(({ fault }) => fault).length;
    const p99 = percentile(samples, 0.99);
    return [
      {
        what: `${HEADERS} sockets slow with headers, ${BODIES} with bodies: the home page, ${samples.length} times`,
        ...{ seen: `p99 ${p99.toFixed(0)} ms, ${faults} faults`, wanted: `p99 ≤ ${LIMITS.pageMs} ms` },
        good: p99 <= LIMITS.pageMs && faults === 0,
      },
      {
        what: 'slow sockets are ended',
        seen: `after ${(Math.min(...ages) / 1000).toFixed(1)} to ${(Math.max(...ages) / 1000).toFixed(1)} s, ${late.length} late`,
        ...{ wanted: `≤ ${LIMITS.endMs / 1000} s after they began`, good: late.length === 0 },
      },
      {
        what: 'slow sockets: memory',
        ...{ seen: `${(peak - before).toFixed(0)} MB more than before`, wanted: `≤ ${LIMITS.growthMb} MB more` },
        good: peak - before <= LIMITS.growthMb,
      },
    ];
  });
}

/** Sends a letter a second after `begin`; answers with how long it was borne, in milliseconds. */
function slow({ begin, ...wish }: { host: string; port: number; begin: string }): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const socket = connect(wish);
  let begun = performance.now();
  const drip = setInterval(() => socket.write('x'), 1000);
  socket.once('connect', () => {
    begun = performance.now();
    socket.write(begin);
  });
  socket.on('error', () => undefined).resume();
  socket.once('close', () => {
    clearInterval(drip);
    resolve(performance.now() - begun);
  });
  return promise;
}

async function peakOf(pid: number): Promise<number> {
  let peak = 0;
  for (let n = 0; n < SECONDS * 2; n++) {
    peak = Math.max(peak, memoryOf(pid).rss);
    await sleep(500);
  }
  return peak;
}
