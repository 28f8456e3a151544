import type { Page } from 'playwright-core';

/** A machine may be busy with other tests. */
const PATIENCE = { timeout: 60_000 };

/**
 * Does what leads to another page, and waits until all of that one and its scripts are there. Playwright goes on when the
 * page begins to come, and on a busy machine before that: what is read then is half of it, or of the page before.
 */
export async function onward(page: Page, act: () => Promise<unknown>): Promise<void> {
  const isComing = page.waitForEvent('framenavigated', {
    ...PATIENCE,
    predicate: (frame) => frame === page.mainFrame(),
  });
  await Promise.all([isComing, act()]);
  await page.waitForLoadState('load', PATIENCE);
}

/** Presses what leads to another page. */
export const press = (page: Page, selector: string): Promise<void> => onward(page, () => page.click(selector));
