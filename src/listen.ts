import { createServer, type Server } from 'node:http';
import type { Config } from './config.ts';
import { Failure } from './tasks/commands/command.ts';

type Place = {
  readonly port: number;
  readonly variable: 'PORT' | 'DEMO_PORT';
  readonly config: Config;
  /** Other processes of this start listen there as well. */
  readonly shared?: boolean;
};

/**
 * The emulator listens on loopback only. Slow and silent peers are shown out. The answer stops it.
 *
 * Shared, each process has a socket of its own, and the kernel deals the connections out: what cluster's primary has
 * handed to a worker that is killed at this moment would hang for ever. Where the kernel can't, the primary does it.
 */
export async function listen(server: Server, { port, variable, config, shared = false }: Place) {
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.keepAliveTimeout = 65_000;
  server.maxConnections = 20_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const taken = 'code' in error && error.code === 'EADDRINUSE';
      reject(taken ? new Failure(`${variable}: port ${String(port)} is taken`) : error);
    });
    const host = config.emulator ? '127.0.0.1' : undefined;
    server.listen({ port, host, exclusive: !shared, reusePort: shared && process.platform === 'linux' }, resolve);
  });
  return (): Promise<void> =>
    new Promise((resolve) => {
      // A connection that is just being answered goes idle later, and would be kept alive.
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      server.close(() => {
        clearInterval(idle);
        resolve();
      });
    });
}

/** Throws when somebody else listens there: on a port that is shared two starts would not notice each other. */
export async function mustBeFree(place: Omit<Place, 'shared'>): Promise<void> {
  const close = await listen(createServer(), place);
  await close();
}
