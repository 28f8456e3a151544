import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds on a page, a line each: the rule and where. Its builder for playwright takes twice as long. */
export async function violations(page: Page): Promise<readonly string[]> {
  // A page that is looked at twice has it already.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source);
  const found = await page.evaluate<AxeResults['violations']>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}
