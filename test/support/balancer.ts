import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from './servers.ts';

const LOOK_MS = 100;

/**
 * What stands before several instances: keeps its connections to them, asks each for `/readyz`, sends to those that say
 * yes, and to the next one when a connection is refused. What has been sent once is never sent again.
 * The header `x-instance` chooses the instance, by its number.
 */
export async function balancer() {
  const instances: { readonly port: number; isReady: boolean; served: number }[] = [];
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const looking = setInterval(() => {
    for (const instance of instances) {
      const asked = request({ port: instance.port, host: '127.0.0.1', path: '/readyz', agent: false }, (answer) => {
        instance.isReady = answer.statusCode === 200;
        answer.resume();
      });
      asked.on('error', () => (instance.isReady = false));
      asked.end();
    }
  }, LOOK_MS);

  function forward(req: IncomingMessage, { res, body, tried }: Call): void {
    const { 'x-instance': wanted, ...headers } = req.headers;
    const ready = instances.filter(({ isReady }) => isReady);
    const instance = wanted === undefined ? ready[turn++ % ready.length] : instances[Number(wanted)];
    if (!instance || tried > instances.length) {
      res.writeHead(502).end('no instance');
      return;
    }
    const { method, url: path } = req;
    const sent = request({ port: instance.port, host: '127.0.0.1', method, path, headers, agent }, (answer) => {
      instance.served++;
      const { connection: _ours, 'keep-alive': _too, ...rest } = answer.headers;
      res.writeHead(answer.statusCode ?? 502, rest);
      answer.pipe(res);
      answer.on('error', () => res.destroy());
    });
    sent.on('error', (error) => {
      if (res.headersSent) res.destroy();
      else if ('code' in error && error.code === 'ECONNREFUSED') {
        instance.isReady = false;
        forward(req, { res, body, tried: tried + 1 });
      } else res.writeHead(502).end(`broken off: ${error.message}`);
    });
    sent.end(body);
  }

  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => forward(req, { res, body: Buffer.concat(parts), tried: 0 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    /** A port for one more instance; it gets traffic once it is ready. */
    add: async () => {
      const port = await freePort();
      instances.push({ port, isReady: false, served: 0 });
      return port;
    },
    served: () => instances.map(({ served }) => served),
    ready: () => instances.map(({ isReady }) => isReady),
    close: () => {
      clearInterval(looking);
      agent.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

type Call = { readonly res: ServerResponse; readonly body: Buffer; readonly tried: number };
