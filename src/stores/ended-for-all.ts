import type { Account } from '../domain/account.ts';
import { endedBefore } from '../domain/switch.ts';
import type { Accounts } from './accounts.ts';
import type { Logins } from './logins.ts';
import type { Sessions } from './sessions.ts';
import type { Switches } from './switches.ts';

type Stores = {
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly sessions: Sessions;
  readonly switches: Pick<Switches, 'since'>;
};

/**
 * When all sessions of the country are ended, no row of fourteen million is touched: whoever reads an account or a session
 * sees the later of its own date and everybody's.
 */
export function endedForAll({ accounts, logins, sessions, switches }: Stores): Omit<Stores, 'switches'> {
  const second = async () => endedBefore((await switches.since()).get('end-all-sessions'));
  const later = <T extends Pick<Account, 'revokedUntil'>>(one: T, all: number): T =>
    all > one.revokedUntil ? { ...one, revokedUntil: all } : one;
  return {
    accounts: {
      ...accounts,
      async byId(id) {
        const [one, all] = await Promise.all([accounts.byId(id), second()]);
        return one && later(one, all);
      },
      async forLogin(run) {
        const [found, all] = await Promise.all([accounts.forLogin(run), second()]);
        return found && { ...found, account: later(found.account, all) };
      },
    },
    logins: {
      ...logins,
      async attempt(...asked) {
        const [tried, all] = await Promise.all([logins.attempt(...asked), second()]);
        const { found } = tried;
        return found ? { ...tried, found: { ...found, account: later(found.account, all) } } : tried;
      },
    },
    sessions: {
      ...sessions,
      async standing(accountId, uid) {
        const [one, all] = await Promise.all([sessions.standing(accountId, uid), second()]);
        return one && later(one, all);
      },
      async owned(accountId, uid) {
        const [one, all] = await Promise.all([sessions.owned(accountId, uid), second()]);
        return one && { standing: later(one.standing, all), account: later(one.account, all) };
      },
      async find(uid) {
        const [one, all] = await Promise.all([sessions.find(uid), second()]);
        return one && later(one, all);
      },
    },
  };
}
