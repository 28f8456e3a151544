import type { Links } from '../domain/account-session.ts';
import type { Account } from '../domain/account.ts';
import type { AskedBy } from '../domain/notice.ts';

/** Somebody at her own account, from where, in which session. */
export type Owner = {
  readonly account: Account;
  readonly uid: string;
  readonly links: Links;
  readonly device: string;
  readonly deviceName: string;
  readonly network: string;
  readonly source: string;
  readonly requestId: string;
  /** Of her pages. */
  readonly lang: string;
};

/** As the audit log wants it. */
export const trailOf = ({ account, network, requestId }: Owner, at: number) => ({
  at,
  accountId: account.id,
  network,
  requestId,
});

/** As letters say it. */
export const askedBy = ({ deviceName, network }: Owner): AskedBy => ({ deviceName, network, site: 'ClaveÚnica' });
