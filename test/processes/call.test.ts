import test from 'ava';
import type { Page } from 'playwright-core';
import { parseRun } from '../../src/domain/run.ts';
import { callInstances, saidOn, seesMore } from '../support/call-instances.ts';
import { cardOf } from '../../src/web/emulator/card.ts';

/** an officer at one instance, a citizen at another; whichever is killed or ends, the call goes on. */
const two = await callInstances();
const [citizen, officer] = [await two.phone.newPage(), await two.desk.newPage()];
const pages = [citizen, officer];
const problems: string[] = [];
for (const page of pages) page.on('pageerror', (error) => problems.push(error.message));

test.after.always(two.close);

/** How long a page takes until it is connected again, once it has noticed that it is not. */
const isBack = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const call = document.querySelector<HTMLElement>('[data-call]')!;
        let lost: number | undefined;
        const look = new MutationObserver(() => {
          if (call.dataset['said'] !== 'connected') lost ??= performance.now();
          else if (lost !== undefined) {
            look.disconnect();
            resolve(performance.now() - lost);
          }
        });
        look.observe(call, { attributeFilter: ['data-said'] });
      }),
  );
/** When a page says that, however shortly: Playwright looks but twice a second. */
const says = (page: Page, what: string): Promise<void> =>
  page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (document.querySelector<HTMLElement>('[data-call]')?.dataset['said'] !== wanted) return;
          looking.disconnect();
          resolve();
        };
        const looking = new MutationObserver(look);
        looking.observe(document, { subtree: true, childList: true, attributeFilter: ['data-said'] });
        look();
      }),
    what,
  );
async function write(page: Page, text: string): Promise<void> {
  await page.evaluate((words) => {
    const form = document.querySelector<HTMLFormElement>('[data-part=chat-form]')!;
    (form.elements.namedItem('texto') as HTMLInputElement).value = words;
    form.requestSubmit();
  }, text);
}
const chatOf = (page: Page) => page.locator('.call-chat li p').allTextContents();
async function bothRead(texts: readonly string[]): Promise<readonly (readonly string[])[]> {
  const whole = () => Promise.all(pages.map(chatOf));
  for (let tries = 0; tries < 300 && (await whole()).some(({ length }) => length < texts.length); tries++)
    await citizen.waitForTimeout(100);
  return whole();
}

test.serial(
  'R-98: the process with the officer’s socket is killed: she finds the other one, and nothing is lost',
  async (t) => {
    t.timeout(180_000);
    const call = await two.waiting();
    await citizen.goto(call.citizen);
    await officer.goto(call.agenda);
    await officer.click('form[action="/agenda/siguiente"] button');
    await Promise.all(pages.map((page) => saidOn(page, 'connected')));
    await officer.click('.registry button');
    await officer.waitForSelector('.registry .good');
    for (const box of await officer.locator('.stage input[type=checkbox]').all()) await box.check();
    const texts = ['Buenos días', 'Hola', 'justo ahora'];
    await write(officer, texts[0]!);
    await citizen.waitForSelector('.call-chat li.theirs');
    await write(citizen, texts[1]!);
    await officer.waitForSelector('.call-chat li.theirs');
    t.deepEqual(await Promise.all(pages.map(seesMore)), [true, true]);

    const back = isBack(officer);
    // Perhaps it is on its way when the process dies, perhaps it is kept and she is not told.
    await write(officer, texts[2]!);
    two.products[0].child.kill('SIGKILL');
    const ms = await back;
    t.log(`back after ${ms.toFixed(0)} ms`);
    t.true(ms < 5000, `${ms.toFixed(0)} ms`);
    t.deepEqual(await bothRead(texts), [texts, texts]);
    t.deepEqual(await Promise.all(pages.map(seesMore)), [true, true]);

    // The case goes on where it was: what was ticked is ticked, what was looked up is known.
    const card = { names: ['Pedro', 'Antonio'], surnames: ['Soto', 'Vidal'], birthdate: '1992-01-20' };
    const run = parseRun('22.222.222-2')!;
    await officer.check('[name=coercion][value=none]');
    await officer.fill('#mrz', cardOf({ ...card, run, number: '100200300', expiry: '2035-01-20' }));
    await officer.fill('#issued', '2025-01-20');
    await officer.click('[name=acto][value=aprobar]');
    await officer.waitForSelector('#revision[data-state=approved]');
    await citizen.waitForSelector('[data-when=code]:not([hidden])');
  },
);

test.serial('R-98: killed while both look for each other: they meet within five seconds', async (t) => {
  t.timeout(180_000);
  await two.restart(0);
  const call = await two.drawn();
  await citizen.goto(call.citizen);
  await officer.goto(call.officer);
  await Promise.all(pages.map((page) => saidOn(page, 'connected')));
  await officer.reload({ waitUntil: 'commit' });
  await says(officer, 'connecting');
  two.products[0].child.kill('SIGKILL');
  const begun = performance.now();
  await Promise.all(pages.map((page) => saidOn(page, 'connected')));
  const ms = performance.now() - begun;
  t.log(`met after ${ms.toFixed(0)} ms`);
  t.true(ms < 5000, `${ms.toFixed(0)} ms`);
  t.deepEqual(await Promise.all(pages.map(seesMore)), [true, true]);
});

test.serial(
  'R-98: the process that both are at ends: it lets them go at once, and they find the other one',
  async (t) => {
    t.timeout(180_000);
    await two.restart(0);
    await write(citizen, 'antes');
    await bothRead(['antes']);
    const [code, ...times] = await Promise.all([two.products[1].stop('SIGTERM'), ...pages.map(isBack)]);
    const ms = Math.max(...times);
    t.log(`back after ${ms.toFixed(0)} ms`);
    t.is(code, 0);
    t.true(ms < 5000, `${ms.toFixed(0)} ms`);
    await write(officer, 'después');
    t.deepEqual(await bothRead(['antes', 'después']), [
      ['antes', 'después'],
      ['antes', 'después'],
    ]);
    t.deepEqual(await Promise.all(pages.map(seesMore)), [true, true]);
    t.deepEqual(problems, []);
  },
);
