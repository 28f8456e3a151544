import test from 'ava';
import { catalogue } from '../../views/catalogue.ts';
import { openCatalogue } from './serve.ts';

/** As a phone's own setting makes them: twice as large, and what is said in `rem` with them. */
const { browser, close, origin } = await openCatalogue(['--blink-settings=defaultFontSize=32']);
test.after.always(close);

const ALL = Object.keys(catalogue);

test('with letters twice as large nothing stands beside the smallest phone but in a place that scrolls and has a name, and there is room to type', async (t) => {
  t.timeout(570_000);
  t.true(ALL.length > 200);
  const page = await browser.newPage({ viewport: { width: 320, height: 640 } });
  page.setDefaultTimeout(120_000);
  for (const name of ALL) {
    await page.goto(`${origin}/p/${name}?lang=es`);
    const seen = await page.evaluate<{ letters: string; beside: number; unreachable: readonly string[] }>(
      `(({ documentElement: root }) => ({
        letters: getComputedStyle(root).fontSize,
        beside: root.scrollWidth - root.clientWidth,
        unreachable: [...document.querySelectorAll('main *')]
          .filter((one) => one.scrollWidth > one.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
          .filter((one) => one.tagName !== 'TEXTAREA')
          .filter((one) => one.tabIndex !== 0 || !(one.ariaLabel || one.hasAttribute('aria-labelledby')))
          .map((one) => one.outerHTML.slice(0, 80)),
      }))(document)`,
    );
    t.deepEqual(seen, { letters: '34px', beside: 0, unreachable: [] }, name);
  }
  await page.goto(`${origin}/p/log-in?lang=es`);
  const button = await page.locator('button.reveal').boundingBox();
  const field = await page.locator('#password').boundingBox();
  t.true(button !== null && field !== null && button.y >= field.y + field.height, 'the button is below the field');
  await page.close();
});
