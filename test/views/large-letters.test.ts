import test from 'ava';
import { catalogue } from '../../views/catalogue.ts';
import { openCatalogue } from './serve.ts';

/** As a phone's own setting makes them: twice as large, and what is said in `rem` with them. */
const { browser, close, origin } = await openCatalogue(['--blink-settings=defaultFontSize=32']);
test.after.always(close);

const CITIZENS = Object.keys(catalogue).filter((name) => !/^(console|emulator|demo)|-emulator$|-demo$/.test(name));

test('with letters twice as large nothing stands beside a small phone, and there is room to type', async (t) => {
  t.timeout(300_000);
  t.true(CITIZENS.length > 100);
  const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  page.setDefaultTimeout(120_000);
  for (const name of CITIZENS) {
    await page.goto(`${origin}/p/${name}?lang=es`);
    const { letters, beside } = await page.evaluate<{ letters: string; beside: number }>(
      `(({ documentElement: root }) => ({ letters: getComputedStyle(root).fontSize, beside: root.scrollWidth - root.clientWidth }))(document)`,
    );
    t.deepEqual([letters, beside], ['34px', 0], name);
  }
  await page.goto(`${origin}/p/log-in?lang=es`);
  const button = await page.locator('button.reveal').boundingBox();
  const field = await page.locator('#password').boundingBox();
  t.true(button !== null && field !== null && button.y >= field.y + field.height, 'the button is below the field');
  await page.close();
});
