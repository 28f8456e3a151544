import type { Codes } from '../../../src/stores/codes.ts';
import { mustBeUuid, nextOf, throughJson, type CodeRow, type Tables, type Write } from './tables.ts';

const HOUR = 3_600_000;

export function memoryCodes({ accounts, codes }: Tables, write: Write): Codes {
  type Asked = Pick<CodeRow, 'purpose' | 'binding' | 'now'>;
  const open = ({ purpose, binding }: Omit<Asked, 'now'>) =>
    [...codes].filter(([, row]) => row.purpose === purpose && row.binding === binding && !row.used);
  const alive = (asked: Asked) => open(asked).filter(([, row]) => row.until > asked.now);
  return {
    async issue(code) {
      const { accountId, now, purpose } = code;
      if (accountId !== undefined) mustBeUuid(accountId);
      if (accountId !== undefined && !accounts.has(accountId)) throw new Error('foreign key: no such account');
      for (const [id, row] of open(code))
        write(codes, id, { ...row, until: Math.min(row.until, now), claimed: undefined });
      const recent = (span: number) =>
        [...codes.values()].filter(
          (row) => row.purpose === purpose && row.accountId === accountId && row.now > now - span,
        ).length;
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
    async claim(attempt) {
      const [found] = alive(attempt).filter(
        ([, { tried, claimed }]) =>
          tried < attempt.tries &&
          (claimed === undefined || claimed.at <= attempt.now - attempt.again || claimed.by === attempt.claimant),
      );
      if (!found) return undefined;
      const [id, row] = found;
      const right = row.code === attempt.code;
      const claimed = right ? { by: attempt.claimant, at: attempt.now } : row.claimed;
      write(codes, id, { ...row, tried: row.tried + 1, claimed });
      return right ? row.accountId : undefined;
    },
    async details(asked) {
      const [found] = open(asked).filter(([, { claimed }]) => claimed?.by === asked.claimant);
      return throughJson({ details: found?.[1].details }).details;
    },
    async finish(asked) {
      const [found] = open(asked).filter(([, { claimed }]) => claimed?.by === asked.claimant);
      if (!found) return undefined;
      write(codes, found[0], { ...found[1], used: true });
      return found[1].accountId;
    },
    async endOf(accountId, purposes, now) {
      mustBeUuid(accountId);
      for (const [id, row] of codes)
        if (row.accountId === accountId && purposes.includes(row.purpose) && !row.used)
          write(codes, id, { ...row, until: Math.min(row.until, now), claimed: undefined });
    },
    async sweep(now) {
      for (const [id, { until }] of codes) if (until <= now - 24 * HOUR) write(codes, id, undefined);
    },
  };
}
