import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, startRedis } from './servers.ts';

const HOST = '127.0.0.1';
const NAME = 'claveunica';

/** A master with a replica, and a sentinel that watches them; `url` as REDIS_URL takes it. */
export async function startSentinel() {
  const dir = await mkdtemp(join(tmpdir(), 'sentinel-'));
  const [masterPort, replicaPort, port] = [await freePort(), await freePort(), await freePort()];
  const master = await startRedis({ dir, port: masterPort });
  const settings = { replicaof: `${HOST} ${masterPort}`, 'repl-diskless-sync-delay': '0' };
  const replica = await startRedis({ dir, port: replicaPort, settings });
  const file = join(dir, 'sentinel.conf');
  await writeFile(
    file,
    [
      `sentinel monitor ${NAME} ${HOST} ${masterPort} 1`,
      `sentinel down-after-milliseconds ${NAME} 1000`,
      `sentinel failover-timeout ${NAME} 5000`,
      '',
    ].join('\n'),
  );
  const sentinel = await startRedis({ dir, port, file });
  const close = async () => {
    await Promise.all([sentinel, replica, master].map((server) => server.close()));
  };
  const watching = new Redis(port, HOST);
  try {
    const known = async () => /slaves=1\b/.test(await watching.info('sentinel'));
    for (let tries = 0; !(await known()); tries++) {
      if (tries > 300) throw new Error('the sentinel does not find the replica');
      await sleep(50);
    }
  } catch (error) {
    await close();
    throw error;
  } finally {
    watching.disconnect();
  }
  return { url: `redis+sentinel://${HOST}:${port}/${NAME}`, masterPid: master.pid, close };
}
