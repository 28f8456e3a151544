import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Run } from '../../src/domain/run.ts';
import { decideException } from '../../src/flows/exceptions.ts';
import type { Actor } from '../../src/flows/permit.ts';
import { proposeReissue } from '../../src/flows/reissue.ts';
import { printSecondCode } from '../../src/flows/second-code.ts';
import { printSlip } from '../../src/flows/slips.ts';
import { secondCodes, slips } from '../support/console-cases.ts';
import { colleague, member, OFFICE } from '../support/console-world.ts';
import { serve } from '../support/serve.ts';

/** On Postgres: what two transactions see of each other is the matter. */
const app = await serve();
test.after.always(() => app.close());
const { parts } = app;
const ROUNDS = 5;
const reason = { kind: 'case', text: 'se le perdieron los dos papeles' } as const;

async function trained(accountId: string): Promise<Actor> {
  const now = parts.clock();
  const staff = { ...(await parts.staff.byId(accountId))!, office: OFFICE, trainedAt: now };
  return { staff, provedAt: now, requestId: randomUUID(), network: '' };
}

/** She approved somebody who has no address, and asks for another code; a colleague lets it pass while `meanwhile` goes on. */
async function reissued(meanwhile: (about: Awaited<ReturnType<typeof asked>>) => Promise<unknown>) {
  const about = await asked();
  const { second, id } = about;
  let going = true;
  const tries = Array.from({ length: 4 }, async () => {
    while (going) await meanwhile(about);
  });
  await sleep(20);
  const decided = await decideException(parts, second, { id, agreed: true });
  await sleep(20);
  going = false;
  await Promise.all(tries);
  return { ...about, decided };
}
async function asked() {
  const me = await member(app, 'officer');
  const subject = (await secondCodes({ app, me })).find(({ name }) => name === 'of whom she approved')!;
  const first = await trained(me.accountId);
  const second = await trained(await colleague({ app, me }));
  const { id: caseId, run } = subject;
  await printSlip(parts, first, { caseId, sms: true });
  await proposeReissue(parts, first, { caseId, reason });
  const id = (await parts.proposals.open(parts.clock())).find((one) => one.subject === caseId)!.id;
  return { caseId, run: run!, id, first, second };
}

/** Second codes of somebody that are good. */
async function living(run: Run): Promise<number> {
  const about = { purpose: 'activation-second', account_id: (await parts.accounts.forLogin(run))!.account.id };
  return (await app.live.db('codes').where(about).andWhere('expires_at', '>', parts.clock())).length;
}

test('R-10, R-54: while another code is let pass, who approved does not get its slip, and so both papers', async (t) => {
  for (let round = 0; round < ROUNDS; round++) {
    let mine = 0;
    const { decided, caseId, second } = await reissued(async (about) => {
      const printed = await printSlip(parts, about.first, { caseId: about.caseId, sms: true });
      if (printed.kind === 'printed') mine++;
    });
    t.is(decided.kind, 'decided');
    t.is(mine, 0);
    t.is((await printSlip(parts, second, { caseId, sms: true })).kind, 'printed', 'it waits for who let it pass');
  }
});

test('R-10, R-54: nor does who lets it pass get the second one with it', async (t) => {
  for (let round = 0; round < ROUNDS; round++) {
    const codes: string[] = [];
    const { decided, second, first, run } = await reissued(async (about) => {
      const printed = await printSecondCode(parts, about.second, { run: about.run, sms: true });
      if (printed.kind === 'printed') codes.push(printed.code);
    });
    t.is(decided.kind, 'decided');
    t.true(codes.length <= 1);
    t.is(await living(run), 0, 'it went with the code before');
    t.is((await printSecondCode(parts, second, { run, sms: true })).kind, 'denied');
    const other = await printSecondCode(parts, first, { run, sms: true });
    if (other.kind !== 'printed') t.fail(other.kind);
    else t.false(codes.includes(other.code));
  }
});

test('R-53, R-54: who printed and has no paper asks for another from the page that says so; it takes somebody else', async (t) => {
  const me = await member(app, 'officer');
  const [hers] = await slips({ app, me });
  const caseId = hers!.id;
  const print = (by = me) => by.post(`/meson/${caseId}/imprimir`, { csrf: by.csrf });
  t.is((await print()).status, 200);
  const gone = await print();
  t.is(gone.status, 410);
  t.notRegex(gone.text, /slip-code/);
  const form = `action="/casos/${caseId}/reemitir"`;
  t.true(gone.text.includes(form));
  const ask = (palabras: string) =>
    me.post(`/casos/${caseId}/reemitir`, { csrf: me.csrf, motivo: reason.kind, palabras });
  const short = await ask('no');
  t.is(short.status, 422);
  t.true(short.text.includes(form) && short.text.includes('role="alert"'), 'without a reason: the same page');
  t.is((await ask(reason.text)).location, '/segunda');
  t.is((await ask(reason.text)).status, 422, 'it waits already');
  const id = (await parts.proposals.open(parts.clock())).find((one) => one.subject === caseId)!.id;
  t.is((await me.post(`/segunda/${id}`, { csrf: me.csrf, decision: 'si' })).status, 403, 'not alone');
  const stranger = await print(await member(app, 'officer'));
  t.is(stranger.status, 410);
  t.false(stranger.text.includes(form), 'who did not approve has nothing to ask for here');
});
