import type { Evidence, Evidences, Tally } from '../../../src/stores/evidence.ts';
import type { Handovers } from '../../../src/stores/handovers.ts';
import type { Supervision } from '../../../src/stores/supervision.ts';
import { mustBeUuid, throughJson, type Tables, type Write } from './tables.ts';

const plain = (row: Evidence): Evidence => {
  const { office, result, endedAt, ...rest } = throughJson(row);
  return { ...rest, office, result, endedAt };
};

export function memoryEvidence({ accounts, evidence, evidenceOf, samples, staff }: Tables, write: Write): Evidences {
  const all = () => [...evidence.values()];
  const change = (id: string, was: number, changed: Partial<Evidence>) => {
    const row = evidence.get(id);
    if (row?.version !== was || row.result !== undefined) return false;
    write(evidence, id, { ...row, ...throughJson(changed), version: was + 1 });
    return true;
  };
  return {
    async open(session) {
      mustBeUuid(session.id);
      mustBeUuid(session.caseId);
      const { caseId, officer } = session;
      const taken = all().some(
        (row) =>
          row.id === session.id ||
          (row.caseId === caseId && (row.result === undefined || row.session === session.session)) ||
          (row.officer === officer && row.result === undefined),
      );
      if (!taken)
        write(evidence, session.id, {
          ...throughJson(session),
          office: session.office,
          version: 1,
          result: undefined,
          endedAt: undefined,
        });
      return !taken;
    },
    async byId(id) {
      const row = evidence.get(id);
      return row && plain(row);
    },
    ofCase: async (caseId) =>
      all()
        .filter((row) => row.caseId === caseId)
        .sort((a, b) => b.session - a.session)
        .map(plain),
    async inHand(officer) {
      const row = all().find((one) => one.officer === officer && one.result === undefined);
      return row && plain(row);
    },
    forsaken: async (before, most) =>
      all()
        .filter(({ result, officer, startedAt }) => {
          const post = staff.get(officer);
          const works = post?.state === 'active' && post.roles.includes('officer');
          return result === undefined && (startedAt < before || !works);
        })
        .sort((a, b) => a.startedAt - b.startedAt)
        .slice(0, most)
        .map(plain),
    ofOfficer: async (officer, since) =>
      all()
        .filter((row) => row.officer === officer && row.startedAt >= since)
        .sort((a, b) => b.startedAt - a.startedAt)
        .map(plain),
    write: async (id, was, work) => change(id, was, { work }),
    end: async (id, was, { work, result, at }) => change(id, was, { work, result, endedAt: at }),
    belongsTo: async (id, accountId) => write(evidenceOf, id, accountId),
    async sweep(before) {
      const over = all().filter(({ id, endedAt }) => {
        const account = accounts.get(evidenceOf.get(id) ?? '')?.account;
        const lives = account && !(['closed', 'deceased'].includes(account.status) && account.updatedAt < before);
        return endedAt !== undefined && endedAt < before && !lives;
      });
      for (const { id } of over) {
        write(samples, id, undefined);
        write(evidence, id, undefined);
      }
      return over.length;
    },
    async byOfficer(since) {
      const tallies = new Map<string, Tally>();
      for (const { officer, result, endedAt } of all()) {
        if (result === undefined || endedAt === undefined || endedAt < since) continue;
        const key = `${officer} ${result}`;
        tallies.set(key, { officer, result, count: (tallies.get(key)?.count ?? 0) + 1 });
      }
      return [...tallies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tally]) => tally);
    },
  };
}

export function memorySupervision({ evidence, samples, holds }: Tables, write: Write): Supervision {
  return {
    async draw(evidenceId, at) {
      if (!evidence.has(evidenceId)) throw new Error('foreign key: samples.evidence_id');
      if (!samples.has(evidenceId)) write(samples, evidenceId, { drawnAt: at, verdict: undefined });
    },
    async samples() {
      const open = [...samples].filter(([, { verdict }]) => verdict === undefined);
      return open
        .map(([evidenceId, { drawnAt }]) => {
          const { caseId = '', officer = '' } = evidence.get(evidenceId) ?? {};
          return { evidenceId, caseId, officer, drawnAt };
        })
        .sort((a, b) => a.drawnAt - b.drawnAt || (a.evidenceId < b.evidenceId ? -1 : 1));
    },
    async review(evidenceId, { by, verdict }) {
      const row = samples.get(evidenceId);
      if (!row || row.verdict !== undefined || evidence.get(evidenceId)?.officer === by) return false;
      write(samples, evidenceId, { ...row, verdict });
      return true;
    },
    async hold(hold) {
      write(holds, hold.id, { ...hold, outcome: undefined });
    },
    async holds() {
      const open = [...holds.values()].filter(({ outcome }) => outcome === undefined);
      return open
        .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
        .map(({ outcome: _outcome, endedAt: _endedAt, ...hold }) => ({ ...hold, officer: hold.officer }));
    },
    async released(caseId) {
      const rows = [...holds.values()].filter((row) => row.caseId === caseId && row.outcome === 'released');
      return [...new Set(rows.map(({ kind }) => kind))].sort();
    },
    async endHolds(caseId, { by, at, outcome }) {
      const open = [...holds.values()].filter((row) => row.caseId === caseId && row.outcome === undefined);
      if (open.length === 0 || open.some(({ officer }) => officer === by)) return false;
      for (const row of open) write(holds, row.id, { ...row, outcome, endedAt: at });
      return true;
    },
    async sweep(before) {
      const over = [...holds.values()].filter(({ endedAt = Infinity }) => endedAt < before);
      for (const { id } of over) write(holds, id, undefined);
      return over.length;
    },
  };
}

export function memoryHandovers({ handovers }: Tables, write: Write): Handovers {
  const key = ({ caseId, kind }: { readonly caseId: string; readonly kind: string }) => `${caseId} ${kind}`;
  return {
    async put(handover) {
      mustBeUuid(handover.caseId);
      write(handovers, key(handover), handover);
    },
    async take({ caseId, kind, now }) {
      const row = handovers.get(key({ caseId, kind }));
      write(handovers, key({ caseId, kind }), undefined);
      return row && row.until > now ? { code: row.code, until: row.until } : undefined;
    },
    waits: async (caseId, now) =>
      [...handovers.values()]
        .filter((row) => row.caseId === caseId && row.until > now)
        .map(({ kind }) => kind)
        .sort(),
    async forget(caseId) {
      for (const [id, row] of handovers) if (row.caseId === caseId) write(handovers, id, undefined);
    },
    async sweep(now) {
      for (const [id, row] of handovers) if (row.until <= now) write(handovers, id, undefined);
    },
  };
}
