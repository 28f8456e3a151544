import { join } from 'node:path';
import { pinCores, type Cores } from '../../bench/machine.ts';
import { productEnv, startServer, startServices, type Server } from '../../bench/servers.ts';

/** A row of the report. */
export type Check = { readonly what: string; readonly seen: string; readonly wanted: string; readonly good: boolean };

let cores: { readonly pinned: Cores } | undefined;

export type Stores = { readonly DATABASE_URL: string; readonly REDIS_URL: string };

type Wish = {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  /** With the many people of `bench/people.ts`. */
  readonly peopled?: boolean;
};

/**
 * The product as a process of its own on the first core; load, Postgres and Redis on the others, as in `bench/`. From
 * then on this process stays there.
 */
export async function onTwoCores<T>(
  { name, env = {}, peopled = false }: Wish,
  work: (server: Server, stores: Stores) => Promise<T>,
): Promise<T> {
  cores ??= { pinned: pinCores() };
  const services = await startServices();
  try {
    const stores = {
      DATABASE_URL: await (peopled ? services.peopled('deep') : services.database('deep')),
      REDIS_URL: services.redisUrl,
    };
    const server = await startServer({
      ...{ name, script: 'src/main.ts', cores: cores.pinned?.server },
      env: { ...productEnv(join(services.dir, 'data')), ...stores, ...env },
    });
    try {
      return await work(server, stores);
    } finally {
      await server.stop();
    }
  } finally {
    await services.close();
  }
}
