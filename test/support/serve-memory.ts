import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config.ts';
import { siteFetch } from '../../src/gateways/sites.ts';
import { prepareKeys } from '../../src/oidc/keys.ts';
import type { Parts } from '../../src/parts.ts';
import { browser } from './browser.ts';
import { giveKeys } from './keys.ts';
import { memoryParts, type Memory } from './memory.ts';
import { theClock } from './serve.ts';

type Wish = {
  /** How far away the artifacts are, in milliseconds. */
  readonly delay?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Any part replaced. */
  readonly replace?: (parts: Memory) => Partial<Parts>;
};

/** The whole application on memory parts: it starts at once, and any part can be made to fail. */
export async function serveMemory({ delay = 0, env = {}, replace }: Wish = {}) {
  // The protocol library reads `Date`, so time moves there, and the parts' own clock with it.
  const time = theClock();
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = readConfig({ PORT: String(port), DEMO_PORT: '0', CONSOLE_PORT: '0', ...env });
  const memory = await memoryParts({ delay, origin: config.origin });
  const travel = (ms: number) => time.set(time.ahead() + ms / 1000);
  const parts = {
    ...memory,
    sites: siteFetch({ inside: config.emulator }),
    travel,
    ahead: time.ahead,
    advance: async (seconds: number) => travel(seconds * 1000),
    ...replace?.(memory),
  };
  await giveKeys(parts);
  const { koa, op } = createApp(config, parts, await prepareKeys(parts));
  const handle = koa.callback();
  server.on('request', (request, response) => void handle(request, response));
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await memory.settled();
  };
  const { origin } = config;
  const visitor = (userAgent?: string, network?: string) =>
    browser(origin, undefined, {
      ...(userAgent !== undefined && { 'user-agent': userAgent }),
      ...(network !== undefined && { 'x-forwarded-for': network }),
    });
  return { op, settled: memory.settled, origin, config, parts, close, visitor, user: browser(origin) };
}
