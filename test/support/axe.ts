import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

export const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on a page, a line each: the rule and where. Its builder for playwright takes twice as long. From an
 * address of the page's own origin the browser compiles it once for all pages.
 */
export async function violations(page: Page, address?: string): Promise<readonly string[]> {
  // A page that is looked at twice has it already.
  if ((await page.evaluate('typeof axe')) === 'undefined')
    await (address === undefined ? page.evaluate(AXE) : page.addScriptTag({ url: address }));
  const found = await page.evaluate<AxeResults['violations']>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}
