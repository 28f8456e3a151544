import { createServer, type Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Config } from './config.ts';
import { Failure } from './tasks/commands/command.ts';

type Place = {
  readonly port: number;
  readonly variable: 'PORT' | 'CONSOLE_PORT' | 'DEMO_PORT' | 'MTLS_PORT';
  readonly config: Config;
  /** Other processes of this start listen there as well. */
  readonly shared?: boolean;
};

/** Who has connected when the service ends, and is about to ask, has so long for it. */
const SILENT_MS = 500;

/**
 * The emulator listens on loopback only. Slow and silent peers are shown out. The answer stops it.
 *
 * Shared, each process has a socket of its own, and the kernel deals the connections out: what cluster's primary has
 * handed to a worker that is killed at this moment would hang for ever. Where the kernel can't, the primary does it.
 */
export async function listen(server: Server, { port, variable, config, shared = false }: Place) {
  server.headersTimeout = 10_000;
  // With the time until somebody looks, no more than 15 s.
  server.requestTimeout = 13_000;
  const silent = silentOf(server);
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
      const patience = setTimeout(() => silent.forEach((socket) => socket.destroy()), SILENT_MS);
      server.close(() => {
        clearInterval(idle);
        clearTimeout(patience);
        resolve();
      });
    });
}

/** The connections that have not asked anything: browsers open some in advance, and Node does not count them as idle. */
function silentOf(server: Server): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  const event = server instanceof TlsServer ? 'secureConnection' : 'connection';
  server.on(event, (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}

/** Throws when somebody else listens there: on a port that is shared two starts would not notice each other. */
export async function mustBeFree(place: Omit<Place, 'shared'>): Promise<void> {
  const close = await listen(createServer(), place);
  await close();
}
