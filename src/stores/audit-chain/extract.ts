import { createHash, sign, verify, type KeyObject } from 'node:crypto';
import { canonical } from '../../domain/canonical.ts';
import type { Knex } from '../connections.ts';
import type { AuditRow } from './rows.ts';

/** Which events; all that is named must hold. Times in milliseconds. */
export type Wanted = {
  readonly accountId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly caseId?: string | undefined;
  readonly from: number;
  readonly until: number;
};

const FORMAT = 'claveunica-audit-extract-1';
const AT_ONCE = 5000;

export type Extracted = { readonly rows: number; readonly sha256: string; readonly signature: string };
/** How an extract is made. */
export type Extracting = {
  readonly now: number;
  readonly write: (line: string) => Promise<void>;
  /** That it is made. Before the seal is written: what is not recorded is no extract. */
  readonly record: (made: Omit<Extracted, 'signature'>) => Promise<void>;
};
export type ExtractVerdict =
  | { readonly kind: 'whole'; readonly rows: number; readonly query: unknown }
  | { readonly kind: 'no-extract' | 'changed' | 'not-signed' };

type Writing = Extracting & { readonly wanted: Wanted; readonly key: KeyObject; readonly publicKey: string };

/** A head, a line for each event in the log's order, and a seal: the SHA-256 of all lines before it, and its signature. */
export async function writeExtract(
  db: Knex,
  { wanted, now, key, publicKey, write, record }: Writing,
): Promise<Extracted> {
  const { accountId, actorId, caseId, from, until } = wanted;
  const digest = createHash('sha256');
  const say = async (line: string) => {
    digest.update(`${line}\n`);
    await write(line);
  };
  const query = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  await say(canonical({ format: FORMAT, at: now, public_key: publicKey, query }));
  let rows = 0;
  for (let after = '0'; ;) {
    const page = db('audit').where('id', '>', after).andWhere('at', '>=', from).andWhere('at', '<', until);
    if (accountId !== undefined) void page.andWhere({ account_id: accountId });
    if (actorId !== undefined) void page.andWhere({ actor_id: actorId });
    if (caseId !== undefined) void page.andWhereRaw(`details ->> 'case' = ?`, [caseId]);
    const found = await page.orderBy('id').limit(AT_ONCE).select<AuditRow[]>();
    for (const row of found) await say(canonical(row));
    rows += found.length;
    const last = found.at(-1);
    if (!last || found.length < AT_ONCE) break;
    after = last.id;
  }
  const sha256 = digest.digest('base64url');
  const signature = sign(null, signed(sha256, rows), key).toString('base64url');
  await record({ rows, sha256 });
  await write(canonical({ rows, sha256, signature }));
  return { rows, sha256, signature };
}

const signed = (sha256: string, rows: number) => Buffer.from(`${FORMAT} ${sha256} ${String(rows)}`);

/** Whether it is as it was written, by the holder of that key. */
export async function readExtract(lines: AsyncIterable<string>, publicKey: KeyObject): Promise<ExtractVerdict> {
  const digest = createHash('sha256');
  let [count, head, last] = [0, '', ''];
  for await (const line of lines) {
    if (count > 0) digest.update(`${last}\n`);
    if (count === 0) head = line;
    last = line;
    count++;
  }
  const [opening, seal] = [parsed(head), parsed(last)];
  if (count < 2 || opening?.['format'] !== FORMAT || typeof seal?.['signature'] !== 'string')
    return { kind: 'no-extract' };
  const { rows, sha256, signature } = seal;
  if (sha256 !== digest.digest('base64url') || rows !== count - 2) return { kind: 'changed' };
  const isOurs = verify(null, signed(sha256, rows), publicKey, Buffer.from(signature, 'base64url'));
  return isOurs ? { kind: 'whole', rows, query: opening['query'] } : { kind: 'not-signed' };
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
