import {
  ANOTHER_CODE,
  OTHER_BROWSER,
  otherSide,
  ROOM,
  SAYING,
  type Hours,
  type Place,
  type Side,
} from '../domain/room.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { listen } from './listening.ts';

export type Room = Hours & {
  readonly caseId: string;
  readonly token: string;
  /** How much has been said; the number of the last. */
  readonly said: number;
} & Readonly<Record<Side, Place | undefined>>;
export type NewRoom = Hours & { readonly caseId: string; readonly token: string };
/** A window at the door: `device` is its browser's. */
export type Comer = {
  readonly caseId: string;
  readonly side: Side;
  readonly link: string;
  readonly device: string;
  readonly now: number;
};
export type WordKind = 'signal' | 'chat';
/**
 * `to`: a signal is for the window that is there now, and for no other. `nth`: by the count of the window that says it; it
 * says again what was on its way when a process died.
 */
export type NewWord = { readonly words: string; readonly nth?: number } & (
  { readonly kind: 'chat' } | { readonly kind: 'signal'; readonly to: string }
);
export type Word = {
  readonly n: number;
  readonly side: Side;
  readonly kind: WordKind;
  readonly words: string;
  readonly at: number;
};

/** Rooms of video calls; whatever process a window is connected to, the room is here. Milliseconds. */
export interface Rooms {
  /** In place of the one that the case had before, whose link is dead then. */
  open(room: NewRoom): Promise<void>;
  /** Nobody comes in any more, and nothing of what was said stays. */
  close(caseId: string): Promise<void>;
  byToken(token: string): Promise<Room | undefined>;
  byCase(caseId: string): Promise<Room | undefined>;
  /**
   * False when the room is closed or a window of another browser is there: there is one of each side. Nor does
   * another browser take a citizen's place, empty or not, once she was identified. Signals of the windows that
   * were there before are gone with them.
   */
  enter(comer: Comer): Promise<boolean>;
  /** It is still there; false when another window has taken its place, or the room is closed. */
  seen(comer: Comer): Promise<boolean>;
  leave(comer: Pick<Comer, 'caseId' | 'side' | 'link'>): Promise<void>;
  /**
   * Its number, in the order in which all see them; undefined when that window is not in (any more), says too much, or
   * has said it before.
   */
  say(comer: Comer, word: NewWord): Promise<number | undefined>;
  /** The first page of it, in order; for a window: what is written, and the signals that are for it. */
  said(caseId: string, after: number, ear?: Pick<Comer, 'side' | 'link'>): Promise<readonly Word[]>;
  /** Calls back with the case whose room or stage has changed, in whatever process; undefined: any may have. */
  hear(heard: (caseId: string | undefined) => void): Promise<() => Promise<void>>;
  /** What was said goes when the room is over; the room itself when her code's page is over too. Tells how many. */
  sweep(now: number): Promise<number>;
}

const CHANNEL = 'claveunica_rooms';

type Row = {
  case_id: string;
  token: Buffer;
  opens_at: string;
  closes_at: string;
  said: number;
} & { [K in `${Side}_${'link' | 'device'}`]: string | null } & { [K in `${Side}_seen_at`]: string | null } & {
  [K in `${Side}_kept`]: number;
};

export function postgresRooms(db: Knex, { vault, url }: { vault: Vault; url: string }): Rooms {
  const tokenPlace = (id: string) => `rooms.token.${id}`;
  const wordPlace = (id: string, n: number) => `room_words.words.${id}.${String(n)}`;
  const indexes = (token: string) => [...vault.indexes(token, 'rooms.token')];
  const tell = (caseId: string) => db.raw('select pg_notify(?, ?)', [CHANNEL, caseId]);
  const placeOf = (row: Row, side: Side): Place | undefined => {
    const [link, device, seenAt] = [row[`${side}_link`], row[`${side}_device`], row[`${side}_seen_at`]];
    return device === null
      ? undefined
      : { link: link ?? undefined, device, seenAt: Number(seenAt ?? 0), kept: row[`${side}_kept`] };
  };
  const read = (row: Row | undefined): Room | undefined =>
    row && {
      caseId: row.case_id,
      token: vault.open(row.token, tokenPlace(row.case_id)),
      ...{ opensAt: Number(row.opens_at), closesAt: Number(row.closes_at), said: row.said },
      ...{ citizen: placeOf(row, 'citizen'), officer: placeOf(row, 'officer') },
    };
  const ask = async (sql: string, values: Readonly<Record<string, unknown>>): Promise<Row[]> =>
    (await db.raw<{ rows: Row[] }>(sql, values)).rows;
  const another = {
    citizen: 'exists (select from enrolments where id = :caseId and stage = any(:stages))',
    officer: 'true',
  } as const;
  const open = 'case_id = :caseId and opens_at <= :now and closes_at > :now';
  return {
    async open({ caseId, token, opensAt, closesAt }) {
      await db('rooms').where({ case_id: caseId }).delete();
      await db('rooms').insert({
        ...{ case_id: caseId, token_index: indexes(token)[0], token: vault.seal(token, tokenPlace(caseId)) },
        ...{ opens_at: opensAt, closes_at: closesAt },
      });
      await tell(caseId);
    },
    async close(caseId) {
      await db('rooms').where({ case_id: caseId }).delete();
      await tell(caseId);
    },
    byToken: async (token) => read(await db('rooms').whereIn('token_index', indexes(token)).first<Row | undefined>()),
    byCase: async (caseId) =>
      isUuid(caseId) ? read(await db('rooms').where({ case_id: caseId }).first<Row | undefined>()) : undefined,
    async enter({ caseId, side, link, device, now }) {
      return db.transaction(async (trx) => {
        const { rows } = await trx.raw<{ rows: unknown[] }>(
          `update rooms set ${side}_link = :link, ${side}_device = :device, ${side}_seen_at = :now,
             ${side}_kept = case when ${side}_link = :link then ${side}_kept else 0 end
           where ${open} and (${side}_device = :device or (${side}_link is null or ${side}_seen_at <= :gone) and ${another[side]})
           returning 1`,
          { caseId, link, device, now, gone: now - ROOM.gone, stages: OTHER_BROWSER },
        );
        if (rows.length === 0) return false;
        await trx.raw(
          `delete from room_words where case_id = :caseId and kind = 'signal'
             and case side when :side then from_link else to_link end is distinct from :link`,
          { caseId, side, link },
        );
        await trx.raw('select pg_notify(?, ?)', [CHANNEL, caseId]);
        return true;
      });
    },
    async seen({ caseId, side, link, now }) {
      const rows = await ask(
        `update rooms set ${side}_seen_at = :now where ${open} and ${side}_link = :link returning *`,
        {
          ...{ caseId, link, now },
        },
      );
      return rows.length > 0;
    },
    async leave({ caseId, side, link }) {
      // Which browser it was, stays: what comes after the call is shown there.
      const values = { [`${side}_link`]: null, [`${side}_seen_at`]: null };
      const left = await db('rooms')
        .where({ case_id: caseId, [`${side}_link`]: link })
        .update(values);
      if (left > 0) await tell(caseId);
    },
    async say({ caseId, side, link, now }, { words, nth = null, ...word }) {
      const to = word.kind === 'signal' ? word.to : null;
      return db.transaction(async (trx) => {
        // The row is held until the words are there: nobody sees a later number before an earlier one.
        const { rows } = await trx.raw<{ rows: { said: number }[] }>(
          `update rooms set said = said + 1, ${side}_kept = coalesce(cast(:nth as integer), ${side}_kept) where ${open} and ${side}_link = :link and said < :most
             and (cast(:to as text) is null or ${otherSide(side)}_link = :to)
             and (cast(:nth as integer) is null or ${side}_kept < :nth) returning said`,
          { caseId, link, now, most: SAYING.all, to, nth },
        );
        const [row] = rows;
        if (!row) return undefined;
        const n = row.said;
        const sealed = vault.seal(words, wordPlace(caseId, n));
        const { rows: kept } = await trx.raw<{ rows: unknown[] }>(
          `insert into room_words (case_id, n, side, kind, at, words, from_link, to_link)
           select :caseId, :n, :side, :kind, :now, :sealed, :link, :to
           where (select coalesce(sum(octet_length(words)), 0) from room_words where case_id = :caseId) + :size <= :held
           returning 1`,
          { ...{ caseId, n, side, kind: word.kind, now, sealed, link, to }, size: sealed.length, held: SAYING.held },
        );
        if (kept.length === 0) return undefined;
        await trx.raw('select pg_notify(?, ?)', [CHANNEL, caseId]);
        return n;
      });
    },
    async said(caseId, after, ear) {
      const query = db('room_words').where({ case_id: caseId }).andWhere('n', '>', after);
      if (ear)
        void query.andWhere((word) => {
          void word.where({ kind: 'chat' }).orWhere({ side: otherSide(ear.side), to_link: ear.link });
        });
      const rows = await query
        .orderBy('n')
        .limit(SAYING.page)
        .select<(Omit<Word, 'words' | 'at'> & { words: Buffer; at: string })[]>('n', 'side', 'kind', 'words', 'at');
      return rows.map(({ n, side, kind, words, at }) => ({
        ...{ n, side, kind, at: Number(at), words: vault.open(words, wordPlace(caseId, n)) },
      }));
    },
    hear: (heard) =>
      listen({ url, channel: CHANNEL, heard: (caseId) => heard(caseId), catchUp: async () => heard(undefined) }),
    async sweep(now) {
      await db.raw('delete from room_words w using rooms r where r.case_id = w.case_id and r.closes_at <= :now', {
        now,
      });
      return db('rooms')
        .where('closes_at', '<=', now - ANOTHER_CODE.within)
        .delete();
    },
  };
}
