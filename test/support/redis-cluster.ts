import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, startRedis } from './servers.ts';

const HOST = '127.0.0.1';
const SLOTS = 16_384;

/** A whole Redis Cluster of three masters; `url` as REDIS_URL takes it. */
export async function startRedisCluster() {
  const dir = await mkdtemp(join(tmpdir(), 'redis-cluster-'));
  const nodes = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const [port, bus] = [await freePort(), await freePort()];
      const settings = {
        'cluster-enabled': 'yes',
        'cluster-config-file': `nodes-${port}.conf`,
        'cluster-node-timeout': '1500',
        'cluster-port': String(bus),
      };
      const server = await startRedis({ dir, port, settings });
      return { ...server, port, bus, redis: new Redis(port, HOST) };
    }),
  );
  const close = async () => {
    for (const { redis } of nodes) redis.disconnect();
    await Promise.all(nodes.map((node) => node.close()));
  };
  try {
    for (const [index, { redis }] of nodes.entries()) {
      const from = Math.floor((index * SLOTS) / nodes.length);
      const to = Math.floor(((index + 1) * SLOTS) / nodes.length) - 1;
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    }
    const [first, ...others] = nodes;
    for (const { port, bus } of others) await first?.redis.call('CLUSTER', 'MEET', HOST, String(port), String(bus));
    for (const { redis } of nodes) await whole(redis);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url: nodes.map(({ port }) => `redis://${HOST}:${port}`).join(','),
    pids: nodes.map(({ pid }) => pid),
    close,
  };
}

async function whole(redis: Redis): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const info = String(await redis.call('CLUSTER', 'INFO'));
    if (/cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info)) return;
    await sleep(50);
  }
  throw new Error('the nodes do not become a cluster');
}
