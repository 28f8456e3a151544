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

/** What is the same in both looks of a page, and what is not: asked at once, as each question is a way to the browser. */
type Seen = {
  readonly lang: string;
  readonly headings: number;
  readonly title: string;
  readonly waysOn: number;
  readonly overflow: number;
  /** What a finger must hit, and can see. */
  readonly tooSmall: readonly string[];
};
const see = (page: Page): Promise<Seen> =>
  page.evaluate(`(() => {
    const all = (what) => [...document.querySelectorAll(what)];
    const root = document.documentElement;
    return {
      lang: root.lang,
      headings: all('h1').length,
      title: document.title,
      waysOn: all('main a[href], main button').length,
      overflow: root.scrollWidth - root.clientWidth,
      tooSmall: all('button, summary, a.boton, .check label, nav a')
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map((one) => one.textContent),
    };
  })()`);

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

for (const lang of LANGS) {
  test(`every page, ${lang}`, async (t) => {
    t.timeout(570_000); // three hundred pages in a browser, beside other tests; this file begins among the first
    const names = Object.keys(catalogue);
    t.true(names.length > 40);
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    const complaints: string[] = [];
    let now: number | undefined;
    page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    for (const [index, name] of names.entries()) {
      const url = `${origin}/p/${name}?lang=${lang}&emulator`;
      const response = await page.goto(url);
      t.is(response?.status(), 200, name);
      // To and fro: a page begins as the one before it ended, and each change is drawn anew.
      for (const at of index % 2 === 0 ? [0, 1] : [1, 0]) {
        const { size, colorScheme } = LOOKS[lang][at]!;
        if (at !== now) {
          await Promise.all([page.setViewportSize(size), page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })]);
          now = at;
        }
        const where = `${name}, ${colorScheme}, ${size.width} px`;
        const { title, waysOn, ...seen } = await see(page);
        t.deepEqual(seen, { lang, headings: 1, overflow: 0, tooSmall: [] }, where);
        t.not(title, '', where);
        t.true(waysOn > 0, `${where} is a dead end`);
        const turn = at === index % 2;
        const looked = lang === 'es' ? turn || !alike(name) : turn && !alike(name);
        if (looked) t.deepEqual(await violations(page, `${origin}/axe.js`), [], where);
      }
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
