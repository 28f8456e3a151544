import test from 'ava';
import type { Page } from 'playwright-core';
import { catalogue } from '../views/catalogue.ts';
import { LANGS } from '../views/words.ts';
import { violations } from './support/axe.ts';
import { openCatalogue } from './views/serve.ts';

const PHONE = { width: 360, height: 640 };
const DESKTOP = { width: 1280, height: 800 };

const { browser, close, origin } = await openCatalogue();
test.after.always(close);

const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Between them, the two languages see both screens in both colour schemes. */
const LOOKS = {
  es: [
    { size: PHONE, colorScheme: 'light' },
    { size: DESKTOP, colorScheme: 'dark' },
  ],
  en: [
    { size: PHONE, colorScheme: 'dark' },
    { size: DESKTOP, colorScheme: 'light' },
  ],
} as const;

/** One template with other words: axe looks at each once, in Spanish. */
const alike = (name: string): boolean => /^(message|error|continue)-/.test(name);

/** What a finger must hit, and can see. */
const tooSmall = (page: Page): Promise<readonly string[]> =>
  page
    .locator('button, summary, a.boton, .check label, nav a')
    .evaluateAll((all) =>
      all
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map((one) => one.textContent),
    );

for (const lang of LANGS) {
  test(`every page, ${lang}`, async (t) => {
    t.timeout(400_000); // three hundred pages in a browser, beside other tests; this file begins among the first
    const names = Object.keys(catalogue);
    t.true(names.length > 40);
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    const complaints: string[] = [];
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    for (const name of names) {
      const url = `${origin}/p/${name}?lang=${lang}&emulator`;
      const response = await page.goto(url);
      t.is(response?.status(), 200, name);
      t.is(await page.locator('html').getAttribute('lang'), lang, name);
      t.is(await page.locator('h1').count(), 1, name);
      t.not(await page.title(), '', name);
      t.true((await page.locator('main a[href], main button').count()) > 0, `${name} is a dead end`);
      for (const [at, { size, colorScheme }] of LOOKS[lang].entries()) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        t.is(await overflow(page), 0, `${name} at ${size.width} px scrolls sideways`);
        const turn = at === names.indexOf(name) % 2;
        const looked = lang === 'es' ? turn || !alike(name) : turn && !alike(name);
        if (looked) t.deepEqual(await violations(page), [], `${name}, ${colorScheme}, ${size.width} px`);
      }
      t.deepEqual(await tooSmall(page), [], `${name}: less than 44 px high`);
      t.deepEqual(complaints, [], name);
    }
    await page.close();
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`on a small phone nothing of signing in is below the fold, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const page = await browser.newPage({ viewport: PHONE, javaScriptEnabled });
    for (const lang of LANGS) {
      await page.goto(`${origin}/p/log-in?lang=${lang}&emulator`);
      const box = await page.locator('button.boton-principal').boundingBox();
      t.true(box !== null && box.y + box.height <= PHONE.height, `${lang}: ${JSON.stringify(box)}`);
      t.is(await page.locator(':focus').getAttribute('name'), 'run');
    }
    await page.close();
  });
}

test('without scripts the focus goes to the field to correct', async (t) => {
  const page = await browser.newPage({ javaScriptEnabled: false });
  const focused = async (name: string) => {
    await page.goto(`${origin}/p/${name}?lang=es`);
    return page.locator(':focus').getAttribute('name');
  };
  t.is(await focused('log-in-malformed-run'), 'run');
  t.is(await focused('log-in-missing-password'), 'password');
  t.is(await focused('log-in-wrong'), 'password');
  t.is(await page.locator('[role=alert]').count(), 1);
  t.true((await page.title()).startsWith('Error: '));
  t.is(await page.locator('[name=run]').inputValue(), '12.345.678-5');
  await page.close();
});

test('no style or handler is written into the pages', async (t) => {
  for (const name of Object.keys(catalogue)) {
    const text = await (await fetch(`${origin}/p/${name}?lang=es`)).text();
    t.true(text.includes('<h1>'), name);
    t.notRegex(text, /\s(style|on[a-z]+)=/i, name);
    t.notRegex(text, /<script(?! type="module" src=)/, name);
  }
});
