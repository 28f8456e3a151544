import { setTimeout as sleep } from 'node:timers/promises';
import { anchorsIn } from '../test/support/anchors.ts';
import { serve } from '../test/support/serve.ts';
import type { Place } from './audit-pages.ts';

const DAY = 86_400_000;
const EVENTS_A_SECOND = 2000;
const SECONDS = 60;

/** Sealing beside a stream of events, and verifying what was sealed; the answer is lines of Markdown. */
export async function measureChain({ url, client }: Place): Promise<readonly string[]> {
  const app = await serve({ database: url });
  const { auditChain } = app.live;
  const insert = (count: number) =>
    client.query(
      `insert into audit (at, kind, account_id, client_id, request_id, network, details)
       select (extract(epoch from clock_timestamp()) * 1000)::bigint, 'login-succeeded', gen_random_uuid(), 'demo-municipio', 'r' || n, '10.0.0.0/24', '{"amr": "pwd"}'
       from generate_series(1, $1::integer) n`,
      [count],
    );
  const sealAll = async () => {
    let blocks = 0;
    while (await auditChain.seal(Date.now())) blocks++;
    return blocks;
  };
  try {
    let [worst, blocks] = [0, 0];
    const state = { over: false };
    const sealing = (async () => {
      while (!state.over) {
        blocks += await sealAll();
        await sleep(10_000);
      }
    })();
    const looking = (async () => {
      while (!state.over) {
        await sleep(500);
        const { oldestUnsealed, now } = await auditChain.state();
        worst = Math.max(worst, oldestUnsealed === undefined ? 0 : now - oldestUnsealed);
      }
    })();
    const begun = performance.now();
    let written = 0;
    while (performance.now() - begun < SECONDS * 1000) {
      const due = Math.floor(((performance.now() - begun) / 1000) * EVENTS_A_SECOND) - written;
      if (due > 0) await insert(due);
      written += Math.max(0, due);
      await sleep(20);
    }
    state.over = true;
    await Promise.all([sealing, looking]);
    blocks += await sealAll();
    console.error(`sealed ${String(blocks)} blocks, oldest unsealed row of ${String(worst)} ms`);
    await insert(Math.max(0, 1_000_000 - written));
    const from = performance.now();
    for (let left = true; left;) {
      await sealAll();
      left = (await auditChain.state()).oldestUnsealed !== undefined;
    }
    const sealRate = (1_000_000 - written) / ((performance.now() - from) / 1000);
    const cpu = process.cpuUsage();
    const at = performance.now();
    const verified = await auditChain.verify({ anchors: anchorsIn([]), kept: DAY, clock: Date.now });
    const [took, used] = [(performance.now() - at) / 1000, process.cpuUsage(cpu)];
    if (verified.breach) throw new Error(JSON.stringify(verified.breach));
    const perMillion = (seconds: number) => ((seconds * 1_000_000) / verified.rows).toFixed(1);
    console.error(`verified ${String(verified.rows)} in ${took.toFixed(1)} s`);
    return [
      '| Chain | Wanted | Measured |',
      '| --- | --- | --- |',
      `| sealing under ${String(EVENTS_A_SECOND)} events a second for a minute: age of the oldest row without a block | ≤ 60 s | ${(worst / 1000).toFixed(1)} s at most, ${String(blocks)} blocks |`,
      `| sealing what waits | > ${String(EVENTS_A_SECOND)} rows a second | ${sealRate.toFixed(0)} |`,
      `| verifying a million rows | ≤ 20 s | ${perMillion(took)} s, ${perMillion((used.user + used.system) / 1e6)} s of CPU |`,
    ];
  } finally {
    await app.close();
  }
}
