import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { createServer as createDoor, type Server as Door, type Socket } from 'node:net';
import type { Config } from './config.ts';
import { Failure } from './tasks/commands/command.ts';

type Place = {
  readonly port: number;
  readonly variable: 'PORT' | 'CONSOLE_PORT' | 'DEMO_PORT' | 'METRICS_PORT' | 'MTLS_PORT';
  readonly config: Config;
  /** An address of this machine; by default all of them, in the emulator loopback. */
  readonly host?: string;
  /** Other processes of this start listen there as well. */
  readonly shared?: boolean;
  /** How many sockets take connections; DOORS where many come at once. */
  readonly doors?: number;
};

/** So many may knock at the same moment; Node's 511 are gone in a second of a flood, and who comes then hears nothing. */
const BACKLOG = 4096;

/**
 * Sockets on the same port. libuv takes one connection from each in a turn of its loop: with one alone, whoever comes
 * while turns are long waits for as many of them as others came before. Where the kernel can share a port.
 */
export const DOORS = process.platform === 'linux' ? 16 : 1;

const MOST_CONNECTIONS = 20_000;

/** Who has connected when the service ends, and is about to ask, has so long for it. */
const SILENT_MS = 500;

/**
 * The emulator listens on loopback only. Slow and silent peers are shown out. The answer stops it.
 *
 * Shared, each process has a socket of its own, and the kernel deals the connections out: what cluster's primary has
 * handed to a worker that is killed at this moment would hang for ever. Where the kernel can't, the primary does it.
 */
export async function listen(server: Server, place: Place) {
  const { port, variable, config, shared = false, doors = 1, host = hostOf(config) } = place;
  server.headersTimeout = 10_000;
  // With the time until somebody looks, no more than 15 s.
  server.requestTimeout = 13_000;
  const silent = silentOf(server);
  server.keepAliveTimeout = 65_000;
  const wanted = { port, variable, host, exclusive: !shared };
  const reusePort = process.platform === 'linux' && (shared || doors > 1);
  // On a port that is shared two starts would not notice each other.
  if (reusePort && !shared && port > 0) await bind(createDoor(), { ...wanted, reusePort: false }).then(closed);
  const others = Array.from({ length: doors - 1 }, () =>
    createDoor({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  );
  for (const door of [server, ...others]) {
    door.maxConnections = Math.ceil(MOST_CONNECTIONS / doors);
    await bind(door, { ...wanted, port: portOf(server) ?? port, reusePort });
  }
  return async (): Promise<void> => {
    // A connection that is just being answered goes idle later, and would be kept alive.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const patience = setTimeout(() => silent.forEach((socket) => socket.destroy()), SILENT_MS);
    await Promise.all([server, ...others].map(closed));
    clearInterval(idle);
    clearTimeout(patience);
  };
}

type Binding = Pick<Place, 'port' | 'variable'> & {
  readonly host: string | undefined;
  readonly exclusive: boolean;
  readonly reusePort: boolean;
};

async function bind(door: Door, { variable, ...wanted }: Binding): Promise<Door> {
  await new Promise<void>((resolve, reject) => {
    door.once('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      if (code === 'EADDRINUSE') reject(new Failure(`${variable}: port ${String(wanted.port)} is taken`));
      else if (code === 'EADDRNOTAVAIL' && variable === 'METRICS_PORT')
        reject(new Failure(`METRICS_HOST: ${String(wanted.host)} is no address of this machine`));
      else reject(error);
    });
    door.listen({ ...wanted, backlog: BACKLOG }, resolve);
  });
  return door;
}

const closed = (door: Door): Promise<void> => new Promise((resolve) => door.close(() => resolve()));

function portOf(server: Server): number | undefined {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : undefined;
}

/** The connections that are open, whichever socket they came by. */
export function connectionsOf(server: Server): ReadonlySet<Socket> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return open;
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

/**
 * Throws when somebody else listens where this start would: before anything is touched, as `--reset` would empty what another
 * start still serves.
 */
export async function mustBeFree(config: Config): Promise<void> {
  const ports = [
    ['PORT', config.port],
    ['CONSOLE_PORT', config.consolePort],
    ['DEMO_PORT', config.demoPort],
    ['MTLS_PORT', config.mtls?.port ?? 0],
    // Where nobody has asked for it, a start goes on without.
    ['METRICS_PORT', config.metrics.wanted ? config.metrics.port : 0],
  ] as const;
  for (const [variable, port] of ports) {
    if (port === 0) continue;
    const host = variable === 'METRICS_PORT' ? config.metrics.host : hostOf(config);
    const place = { port, variable, host, exclusive: true, reusePort: false };
    await bind(createDoor(), place).then(closed);
  }
}

const hostOf = ({ emulator }: Pick<Config, 'emulator'>) => (emulator ? '127.0.0.1' : undefined);
