import type { Codes } from '../../../src/stores/codes.ts';
import { mustBeUuid, nextOf, type CodeRow, type Tables, type Write } from './tables.ts';

const HOUR = 3_600_000;

/** There is one purpose as yet. */
export function memoryCodes({ accounts, codes }: Tables, write: Write): Codes {
  type Asked = Pick<CodeRow, 'binding' | 'now'>;
  const alive = ({ binding, now }: Asked) =>
    [...codes].filter(([, row]) => row.binding === binding && !row.used && row.until > now);
  return {
    async issue(code) {
      const { accountId, now } = code;
      if (accountId !== undefined) mustBeUuid(accountId);
      if (accountId !== undefined && !accounts.has(accountId)) throw new Error('foreign key: no such account');
      for (const [id, row] of alive(code)) write(codes, id, { ...row, until: now });
      const recent = (span: number) =>
        [...codes.values()].filter((row) => row.accountId === accountId && row.now > now - span).length;
      const allowed = accountId !== undefined && recent(HOUR) < code.perHour && recent(24 * HOUR) < code.perDay;
      const whose = allowed ? accountId : undefined;
      const row = { ...code, accountId: whose, tried: 0, until: now + code.lifetime, used: false };
      write(codes, nextOf(codes), row);
      return whose;
    },
    async use(attempt) {
      const [found] = alive(attempt).filter(([, row]) => row.tried < attempt.tries);
      if (!found) return undefined;
      const [id, row] = found;
      const right = row.code === attempt.code && row.accountId !== undefined;
      write(codes, id, { ...row, tried: row.tried + 1, used: right });
      return right ? row.accountId : undefined;
    },
    async sweep(now) {
      for (const [id, { until }] of codes) if (until <= now - 24 * HOUR) write(codes, id, undefined);
    },
  };
}
