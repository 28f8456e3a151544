import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page as Opened } from 'playwright-core';
import { BORROWED } from '../../src/web/kit/assets.ts';
import { catalogue } from '../../views/catalogue.ts';
import { render, type Page } from '../../views/html.ts';
import type { Frame } from '../../views/layout.ts';
import { continuePage } from '../../views/pages/continue.ts';
import { isLang, words } from '../../views/words.ts';
import { AXE } from '../support/axe.ts';
import { launch } from '../support/chromium.ts';

const TYPES: Record<string, string> = { css: 'text/css', js: 'text/javascript' };

/** A form_post answer, which the catalogue holds back. */
const auto = (frame: Frame): Page =>
  continuePage(frame, { kind: 'return', action: '/cb', fields: { code: 'c0de', state: 'a+b' } });

/** The catalogue at `/p/NAME?lang=es` under the Content-Security-Policy of the real thing. */
async function serve(): Promise<{ readonly origin: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const asset = /^\/assets\/([a-z-]+\.(css|js))$/.exec(url.pathname);
    if (asset) {
      response.setHeader('content-type', TYPES[asset[2]!]!);
      response.setHeader('cache-control', 'max-age=600');
      const borrowed = BORROWED.find(([name]) => name === asset[1]);
      response.end(readFileSync(borrowed?.[1] ?? new URL(`../../views/assets/${asset[1]!}`, import.meta.url)));
      return;
    }
    if (url.pathname === '/axe.js') {
      response.setHeader('content-type', 'text/javascript');
      response.setHeader('cache-control', 'max-age=600');
      response.end(AXE);
      return;
    }
    const show = url.pathname === '/auto' ? auto : catalogue[url.pathname.replace('/p/', '')];
    const lang = url.searchParams.get('lang') ?? 'es';
    if (!show || !isLang(lang)) {
      response.writeHead(request.method === 'POST' ? 204 : 404).end();
      return;
    }
    const nonce = randomBytes(16).toString('base64url');
    const own = `'self' 'nonce-${nonce}'`;
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; style-src ${own}; script-src ${own}; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    response.setHeader('content-type', 'text/html; charset=utf-8');
    const emulator = url.searchParams.has('emulator') || url.pathname.includes('emulator');
    const assets = { css: '/assets/app.css', script: '/assets/app.js' };
    response.end(render(show({ lang, words: words(lang), nonce, emulator, assets, here: url.pathname })));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A browser before the catalogue, for all tests of a file; `args`: of Chromium. */
export async function openCatalogue(args: readonly string[] = []) {
  const [browser, { origin, server }] = await Promise.all([launch(...args), serve()]);
  return {
    browser,
    origin,
    async open(name: string): Promise<Opened> {
      const page = await browser.newPage();
      await page.goto(`${origin}/p/${name}?lang=es`);
      return page;
    },
    async close(): Promise<void> {
      await browser.close();
      server.close();
    },
  };
}
