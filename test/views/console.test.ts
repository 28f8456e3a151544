import test from 'ava';
import type { Page } from 'playwright-core';
import { openCatalogue } from './serve.ts';

const { browser, close, open, origin } = await openCatalogue();
test.after.always(close);

const focused = (page: Page) =>
  page.evaluate<string>(
    `(({ activeElement: one }) => one.getAttribute('name') ?? one.getAttribute('href') ?? one.textContent.trim())(document)`,
  );

test('the keyboard alone: the field comes by «/» and Ctrl+K, and «/» stays a letter where somebody writes', async (t) => {
  const page = await open('console-audit');
  await page.keyboard.press('/');
  t.is(await focused(page), 'q');
  await page.keyboard.press('/');
  t.is(await page.inputValue('[name=q]'), '/');
  await page.focus('textarea');
  await page.keyboard.press('End');
  await page.keyboard.press('/');
  t.is(await page.inputValue('#buscar-palabras'), 'refuerzo/');
  await page.keyboard.press('Control+k');
  t.is(await focused(page), 'q');
  t.is(await page.evaluate('String(getSelection())'), '/', 'what is there is written over');
  await page.close();
});

test('the keyboard alone: first the way past the head, then the head, the rooms, the matter; what has the focus shows it', async (t) => {
  const page = await open('console-clients');
  const order: string[] = [];
  for (let at = 0; at < 6; at++) {
    await page.keyboard.press('Tab');
    order.push(await focused(page));
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle');
    t.is(outline, 'solid', order.at(-1));
  }
  t.deepEqual(order, ['#contenido', '/', 'q', 'Buscar', '/p/console-clients?lang=en', '/']);
  await page.focus('.skip');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  t.is(await focused(page), '/', 'the first room');
  const sort = page.locator('th[aria-sort] a');
  t.is(await page.locator('th[aria-sort]').getAttribute('aria-sort'), 'ascending');
  await sort.focus();
  t.is(await focused(page), '#');
  await page.close();
});

test('on paper there is the matter alone, black on white, and all of it, also when the screen is dark', async (t) => {
  const page = await browser.newPage({ viewport: { width: 680, height: 900 }, colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const name of ['console-staff', 'console-audit', 'console-figures', 'console-history', 'console-person']) {
    await page.goto(`${origin}/p/${name}?lang=es`);
    const seen = page.locator(':is(nav, form, button, input, select, textarea, .skip):visible');
    t.is(await seen.count(), 0, name);
    const colours = await page.evaluate(
      `['color', 'backgroundColor'].map((of) => getComputedStyle(document.body)[of])`,
    );
    t.deepEqual(colours, ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'], name);
    t.true((await page.locator('main').innerText()).length > 100, name);
    const wide = await page.evaluate(
      'Math.max(...[...document.querySelectorAll("main *")].map((one) => one.getBoundingClientRect().right)) - innerWidth',
    );
    t.true(Number(wide) <= 0, `${name}: ${String(wide)} px beside the paper`);
  }
  await page.close();
});
