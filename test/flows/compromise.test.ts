import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { compromise } from '../../src/flows/compromise.ts';
import { memoryParts } from '../support/memory.ts';

const MARIA = parseRun('11.111.111-1')!;
const why = { operator: 'test', reason: 'a list that was found' };

test('R-31: of two revocations in one second, a ClaveÚnica called in ends what began between them', async (t) => {
  const parts = await memoryParts();
  const { id: accountId } = (await parts.accounts.forLogin(MARIA))!.account;
  const at = parts.clock();
  const second = Math.floor(at / 1000) + 2;
  await parts.accounts.revokeUntil(accountId, second);
  const session = { uid: 'between', accountId, at, shared: false, network: '', device: 'laptop', agent: '' };
  await parts.sessions.begin(session, 5);
  t.is(await compromise(parts, [MARIA], why), 1);
  t.is((await parts.accounts.byId(accountId))?.revokedUntil, second, 'no later than it was');
  t.not((await parts.sessions.find('between'))?.endedAt, undefined);
});
