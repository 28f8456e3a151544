import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { closeAccount } from '../../src/flows/close-account.ts';
import { endSessions } from '../../src/flows/sessions.ts';
import { disconnectSite } from '../../src/flows/sites.ts';
import type { Parts } from '../../src/parts.ts';
import { memoryParts } from '../support/memory.ts';

/** Somebody with a session that a site hangs on. */
async function house() {
  const parts = await memoryParts();
  const { account } = (await parts.accounts.forLogin(parseRun('11.111.111-1')!))!;
  const whence = { network: '10.0.0.0/24', device: 'Chrome', agent: 'x', shared: false };
  await parts.sessions.begin({ ...whence, uid: 'a', accountId: account.id, at: parts.clock() }, 5);
  const link = { clientId: 'demo-municipio', sid: 'sid', grantId: 'g', scopes: ['openid'] };
  const links = { of: async () => [link], cut: async () => undefined, renew: async () => true };
  const trail = { accountId: account.id, links, network: whence.network, requestId: 'r' };
  const owner = {
    account,
    uid: 'b',
    links,
    ...whence,
    deviceName: 'Chrome',
    source: '10.0.0.1',
    requestId: 'r',
    lang: 'es',
  };
  const standing = async () => ({
    ...{ jobs: parts.tables.jobs.size, status: (await parts.accounts.byId(account.id))?.status },
    sessions: (await parts.sessions.list(account.id, 0)).map(({ endedAt, disconnected }) => [endedAt, disconnected]),
  });
  return { parts, trail, owner, standing };
}
/** A database that takes everything but jobs. */
function withoutJobs(parts: Parts): Parts {
  const add = () => Promise.reject(new Error('no job'));
  return {
    ...parts,
    jobs: { ...parts.jobs, add },
    transaction: (work) => parts.transaction((tx) => work({ ...tx, jobs: { ...tx.jobs, add } })),
  };
}

test('R-30: sites are told in the transaction that ends a session, or nothing ends', async (t) => {
  const { parts, trail, owner, standing } = await house();
  const before = await standing();
  const broken = withoutJobs(parts);
  const fault = { message: 'no job' };
  await t.throwsAsync(endSessions(broken, { ...trail, which: { but: 'b' } }), fault);
  await t.throwsAsync(disconnectSite(broken, { ...trail, clientId: 'demo-municipio' }), fault);
  await t.throwsAsync(closeAccount(broken, owner), fault);
  t.deepEqual(await standing(), before);

  t.true(await disconnectSite(parts, { ...trail, clientId: 'demo-municipio' }));
  t.is((await standing()).jobs, 1);
  t.is(await endSessions(parts, { ...trail, which: { but: 'b' } }), 1);
  t.like(await standing(), { jobs: 2, status: 'active' });
  t.not((await parts.sessions.find('a'))?.endedAt, undefined);
});
