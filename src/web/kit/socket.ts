import type { IncomingMessage } from 'node:http';
import { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type Koa from 'koa';
import type { Context } from 'koa';
import type { WebSocket, WebSocketServer } from 'ws';
import { networkOf, sourceOf } from '../../domain/throttle.ts';
import { SAYING } from '../../domain/room.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import { sourceAddress } from './address.ts';

/** A socket of a page of ours, as what uses it sees it: text both ways, and an end. */
export type Wire = {
  readonly send: (message: unknown) => void;
  readonly hear: (heard: (text: string) => void) => void;
  readonly ended: (end: () => void) => void;
  readonly close: (code: number) => void;
};
export type SocketRow = {
  readonly path: RegExp;
  /** How the address is written in the table and the log. */
  readonly shown: string;
  readonly limit: Parameters<Parts['limits']['take']>[0]['limit'];
  /** Undefined: nobody may come in that way. */
  readonly enter: (ctx: Context, id: string) => Promise<((wire: Wire) => void) | undefined>;
};
export type Upgrade = (req: IncomingMessage, socket: Duplex, head: Buffer) => void;

type Tools = {
  readonly koa: Koa;
  readonly config: Config;
  readonly parts: Pick<Parts, 'limits' | 'clock' | 'log' | 'chance' | 'outages'>;
};

/** Who does not take what we say has so much of it kept, and is let go then. */
const KEPT = 512 * 1024;

/** The other way in: a page of ours opens a socket. The same checks as for a form, in the same order. */
export function socketDoor(rows: readonly SocketRow[], { koa, config, parts }: Tools): Upgrade {
  const source = sourceAddress(config.trustedProxies);
  const { host } = new URL(config.origin);
  let server: Promise<WebSocketServer> | undefined;
  const open = () =>
    (server ??= import('ws').then(
      ({ WebSocketServer }) =>
        new WebSocketServer({
          noServer: true,
          maxPayload: SAYING.message,
          perMessageDeflate: false,
          clientTracking: false,
        }),
    ));

  async function admit(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<number> {
    if (req.headers.host?.toLowerCase() !== host) return 421;
    const path = (req.url ?? '').split('?')[0] ?? '';
    const [row, id] = rows.map((one) => [one, one.path.exec(path)?.[1]] as const).find(([, found]) => found) ?? [];
    if (!row || id === undefined) return 404;
    // Browsers always say where a socket is opened; one of another site would bring our cookies along.
    if (req.headers.origin !== config.origin) return 403;
    const address = source(req.socket.remoteAddress, String(req.headers['x-forwarded-for'] ?? ''));
    const network = networkOf(address);
    const now = parts.clock();
    if (!(await parts.limits.take({ row: `WS ${row.shown}`, network, limit: row.limit, now }))) return 429;
    const ctx = koa.createContext(req, new ServerResponse(req));
    Object.assign(ctx.state, { requestId: parts.chance(12), network, source: sourceOf(address) });
    const use = await row.enter(ctx, id);
    if (!use) return 403;
    const gate = await open();
    gate.handleUpgrade(req, socket, head, (opened) => use(wireOf(opened)));
    parts.log.info({ path: row.shown, requestId: String(ctx.state['requestId']) }, 'socket');
    return 101;
  }

  return (req, socket, head) => {
    socket.on('error', () => socket.destroy());
    admit(req, socket, head).then(
      (status) => {
        if (status !== 101) refuse(socket, status);
      },
      (err: unknown) => {
        const tell = () => parts.log.error({ err }, 'a socket could not be opened');
        parts.outages.met(err, { request: true, tell });
        refuse(socket, 503);
      },
    );
  };
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${String(status)} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function wireOf(socket: WebSocket): Wire {
  socket.on('error', () => socket.terminate());
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > KEPT) socket.terminate();
      else socket.send(JSON.stringify(message));
    },
    hear: (heard) =>
      void socket.on('message', (data, binary) => {
        if (binary) socket.close(1003);
        else heard((data as Buffer).toString('utf8'));
      }),
    ended: (end) => void socket.once('close', end),
    close(code) {
      socket.close(code);
      // Who does not answer the farewell is not waited for.
      setTimeout(() => socket.terminate(), 1000).unref();
    },
  };
}
