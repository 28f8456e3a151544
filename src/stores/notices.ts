import type { ContactTold } from '../domain/contact-change.ts';
import { NOT_ME, type AskedBy, type NoticeEvent } from '../domain/notice.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { sweepRows } from './sweep.ts';

export type NewNotice = {
  /** Random, 256 bits; in the link of the letter and nowhere else. */
  readonly token: string;
  readonly accountId: string;
  readonly event: NoticeEvent;
  readonly at: number;
  readonly asker: AskedBy;
  /** What undoing needs to know: the change of contact that it was. */
  readonly ref?: string | undefined;
  /** Which contact it was, masked. */
  readonly change?: ContactTold | undefined;
};
export type Notice = Omit<NewNotice, 'token'> & {
  /** When its owner said that it was not her. */
  readonly deniedAt: number | undefined;
};

/** What owners were told of, and the tokens with which they say «No fui yo». Tokens are hashed, the rest is sealed. */
export interface Notices {
  /** Written when the first letter with the token leaves; again is nothing. */
  add(notice: NewNotice): Promise<void>;
  find(token: string, now: number): Promise<Notice | undefined>;
  /** Of n at once one gets it. */
  deny(token: string, now: number): Promise<Notice | undefined>;
  sweep(now: number): Promise<number>;
}

type Row = { account_id: string; event: NoticeEvent; at: string; details: Buffer; denied_at: string | null };
type Details = Pick<NewNotice, 'asker' | 'ref' | 'change'>;

export function postgresNotices(db: Knex, vault: Vault): Notices {
  const hashed = (token: string) => vault.indexes(token, 'notices.token');
  const place = (hash: Buffer) => `notices.details.${hash.toString('base64url')}`;
  const read = (row: Row & { token: Buffer }): Notice => ({
    ...(JSON.parse(vault.open(row.details, place(row.token))) as Details),
    accountId: row.account_id,
    event: row.event,
    at: Number(row.at),
    deniedAt: row.denied_at === null ? undefined : Number(row.denied_at),
  });
  return {
    async add({ token, accountId, event, at, asker, ref, change }) {
      const [hash] = hashed(token);
      const details = vault.seal(JSON.stringify({ asker, ref, change } satisfies Details), place(hash));
      await db('notices')
        .insert({ token: hash, account_id: accountId, event, at, details })
        .onConflict('token')
        .ignore();
    },
    async find(token, now) {
      const row = await db('notices')
        .whereIn('token', [...hashed(token)])
        .andWhere('at', '>', now - NOT_ME)
        .first<(Row & { token: Buffer }) | undefined>();
      return row && read(row);
    },
    async deny(token, now) {
      const [row] = await db('notices')
        .whereIn('token', [...hashed(token)])
        .andWhere('at', '>', now - NOT_ME)
        .whereNull('denied_at')
        .update({ denied_at: now })
        .returning<(Row & { token: Buffer })[]>('*');
      return row && read(row);
    },
    sweep: (now) => sweepRows(db, { table: 'notices', over: 'at <= :before' }, { before: now - NOT_ME }),
  };
}
