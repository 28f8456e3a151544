/** The product as the OpenID Foundation's suite starts it: conformance mode, TLS and client certificates by itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { listen } from '../../../src/listen.ts';
import { prepareKeys } from '../../../src/oidc/keys.ts';
import type { Parts } from '../../../src/parts.ts';
import { seed } from '../../../src/tasks/seed.ts';
import { openServer } from '../../../src/tls.ts';
import { browser } from '../browser.ts';
import { giveKeys } from '../keys.ts';
import { memoryParts } from '../memory.ts';
import { theClock } from '../serve.ts';
import { freePort } from '../servers.ts';
import { certify } from './certificates.ts';
import { terminator } from './terminator.ts';

export const CA = certify({ name: 'CA de prueba', isCa: true });
/** The second name is one of a site, and leads inside where a test says so. */
export const REBOUND = 'adentro.example';
const here = certify({ name: 'localhost', hosts: ['localhost', REBOUND], by: CA });

let trusted = false;
/** For all calls of this process, as NODE_EXTRA_CA_CERTS does it. */
function trust(): void {
  if (!trusted) setDefaultCACertificates([...getCACertificates('default'), CA.cert]);
  trusted = true;
}

/** A site of the suite at `https://localhost`, which answers and remembers. */
export async function site(handler: RequestListener) {
  trust();
  const { dir, tls } = await files();
  const port = await freePort();
  const server = openServer({ tls }, handler);
  const config = readConfig({ PORT: String(port) });
  const close = await listen(server, { port, variable: 'PORT', config });
  return {
    origin: `https://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      await close();
      await rm(dir, { recursive: true });
    },
  };
}

async function files() {
  const dir = await mkdtemp(join(tmpdir(), 'suite-'));
  const tls = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  await writeFile(tls.cert, here.cert);
  await writeFile(tls.key, here.key);
  return { dir, tls };
}

/**
 * On memory parts: it starts at once. `clients` are what CLIENTS_FILE would hold; any part can be replaced. `byProxy`:
 * TLS ends before it, and it hears of certificates in a header (RFC 9440).
 */
export async function serveSuite(
  clients: readonly object[] = [],
  { byProxy = false, parts: replaced = {} }: { readonly byProxy?: boolean; readonly parts?: Partial<Parts> } = {},
) {
  trust();
  const time = theClock();
  const { dir, tls } = await files();
  const clientsFile = join(dir, 'clients.json');
  await writeFile(clientsFile, JSON.stringify(clients));
  const [port, mtlsPort] = [await freePort(), await freePort()];
  const inner = byProxy ? { port: await freePort(), mtlsPort: await freePort() } : { port, mtlsPort };
  const proxied = {
    CLIENT_CERT_HEADER: '1',
    TRUSTED_PROXIES: '127.0.0.1',
    MTLS_ORIGIN: `https://localhost:${mtlsPort}`,
  };
  const config = readConfig({
    ...{ CONFORMANCE: '1', PUBLIC_ORIGIN: `https://localhost:${port}`, CLIENTS_FILE: clientsFile, CONSOLE_PORT: '0' },
    ...{ PORT: String(inner.port), MTLS_PORT: String(inner.mtlsPort) },
    ...(byProxy ? proxied : { TLS_CERT: tls.cert, TLS_KEY: tls.key }),
  });
  const memory = await memoryParts({ origin: config.origin });
  const travel = (seconds: number) => time.set(time.ahead() + seconds);
  const parts = { ...memory, ahead: time.ahead, advance: async (seconds: number) => travel(seconds), ...replaced };
  await giveKeys(parts);
  const { readDemo } = await import('../../../src/gateways/demo-files.ts');
  await seed(parts, { ...(await readDemo(config)), people: [], clients: [] });
  const { koa, op } = createApp(config, parts, await prepareKeys(parts));
  const handle = koa.callback();
  const answer: RequestListener = (req, res) => void handle(req, res);
  const servers = [
    { port: inner.port, server: openServer(config, answer) },
    { port: inner.mtlsPort, server: openServer({ tls: config.tls, asksForCertificates: true }, answer) },
    ...(byProxy
      ? [
          { port, server: openServer({ tls }, terminator(inner.port)) },
          { port: mtlsPort, server: openServer({ tls, asksForCertificates: true }, terminator(inner.mtlsPort)) },
        ]
      : []),
  ];
  const closing = await Promise.all(
    servers.map((each) => listen(each.server, { port: each.port, variable: 'PORT', config })),
  );
  const close = async () => {
    servers.forEach(({ server }) => server.closeAllConnections());
    await Promise.all(closing.map((end) => end()));
    await memory.settled();
    await rm(dir, { recursive: true });
  };
  return { op, config, parts, travel, close, origin: config.origin, visitor: () => browser(config.origin) };
}
