import type { Staff, StaffFilter } from '../../../src/domain/roles.ts';
import type { Proposals } from '../../../src/stores/proposals.ts';
import { folded } from '../../../src/domain/list.ts';
import type { StaffStore } from '../../../src/stores/staff.ts';
import type { Switches } from '../../../src/stores/switches.ts';
import { pageIn } from './lists.ts';
import { mustBeUuid, throughJson, type ProposalRow, type Tables, type Write } from './tables.ts';

export function memoryStaff({ staff }: Tables, write: Write): StaffStore {
  const plain = (row: Staff & { changedAt?: number }): Staff => {
    const { accountId, roles, agency, office, institution, state, trainedAt, seenAt, createdAt } = row;
    return { accountId, roles: [...roles], agency, office, institution, state, trainedAt, seenAt, createdAt };
  };
  const change = (accountId: string, changed: Partial<Staff & { changedAt: number }>) => {
    const row = staff.get(accountId);
    if (row) write(staff, accountId, { ...row, ...changed });
    return row !== undefined;
  };
  const placeOf = ({ office, institution }: Staff) => folded(office ?? institution ?? '');
  const those = ({ agency, role, state, place }: StaffFilter) =>
    [...staff.values()]
      .filter(
        (row) =>
          (agency === undefined || row.agency === agency) &&
          (role === undefined || row.roles.includes(role)) &&
          (state === undefined || row.state === state) &&
          (place === undefined || placeOf(row).includes(folded(place))),
      )
      .map(plain);
  return {
    page: async (filter, paging) =>
      pageIn(those(filter), {
        paging,
        id: ({ accountId }) => accountId,
        keys: {
          since: ({ createdAt }) => createdAt,
          seen: ({ seenAt = 0 }) => seenAt,
          trained: ({ trainedAt = 0 }) => trainedAt,
          place: placeOf,
        },
      }),
    count: async (filter, most) => Math.min(most, those(filter).length),
    async byId(accountId) {
      const row = staff.get(accountId);
      return row && plain(row);
    },
    async list({ agency }) {
      const rows = [...staff.values()].filter((row) => agency === undefined || row.agency === agency);
      return rows.sort((a, b) => a.createdAt - b.createdAt || (a.accountId < b.accountId ? -1 : 1)).map(plain);
    },
    async put(row, now) {
      mustBeUuid(row.accountId);
      const { createdAt = row.createdAt, seenAt } = staff.get(row.accountId) ?? {};
      write(staff, row.accountId, { ...plain(row), createdAt, seenAt, changedAt: now });
    },
    setState: async (accountId, state, now) => change(accountId, { state, changedAt: now }),
    setTrained: async (accountId, at) => change(accountId, { trainedAt: at }),
    async seen(accountId, at) {
      change(accountId, { seenAt: at });
    },
    async disableDormant(since, now) {
      const gone = [...staff.values()].filter(
        ({ state, seenAt = 0, changedAt }) => state !== 'disabled' && Math.max(seenAt, changedAt) < since,
      );
      for (const { accountId } of gone) change(accountId, { state: 'disabled', changedAt: now });
      return gone.map(({ accountId }) => accountId);
    },
  };
}

export function memoryProposals({ proposals }: Tables, write: Write): Proposals {
  const isOpen = (row: ProposalRow, now: number) => row.decision === undefined && row.expiresAt > now;
  const plain = ({ decision: _decision, ...proposal }: ProposalRow) => throughJson(proposal);
  return {
    async add(proposal) {
      const same = [...proposals.values()].filter(
        ({ plan, subject, decision }) =>
          plan.kind === proposal.plan.kind && subject === proposal.subject && decision === undefined,
      );
      if (same.some(({ expiresAt }) => expiresAt > proposal.proposedAt)) return false;
      for (const row of same) write(proposals, row.id, { ...row, decision: 'withdrawn' });
      write(proposals, proposal.id, { ...throughJson(proposal), decision: undefined });
      return true;
    },
    async sweep(before) {
      const over = [...proposals.values()].filter(({ expiresAt }) => expiresAt < before);
      for (const { id } of over) write(proposals, id, undefined);
      return over.length;
    },
    async open(now) {
      const rows = [...proposals.values()].filter((row) => isOpen(row, now));
      return rows.sort((a, b) => a.proposedAt - b.proposedAt).map(plain);
    },
    async byId(id, now) {
      const row = proposals.get(id);
      return row && isOpen(row, now) ? plain(row) : undefined;
    },
    async decide(id, by, { decision, at }) {
      const row = proposals.get(id);
      if (!row || !isOpen(row, at) || (row.proposedBy === by) !== (decision === 'withdrawn')) return false;
      write(proposals, id, { ...row, decision });
      return true;
    },
    async withdraw(kind, subject, at) {
      for (const row of proposals.values())
        if (row.plan.kind === kind && row.subject === subject && isOpen(row, at))
          write(proposals, row.id, { ...row, decision: 'withdrawn' });
    },
  };
}

export function memorySwitches({ switches }: Tables, write: Write): Switches {
  return {
    async flipped() {
      return new Set(switches.keys()) as Awaited<ReturnType<Switches['flipped']>>;
    },
    async since() {
      return new Map(switches) as Awaited<ReturnType<Switches['since']>>;
    },
    set: async (name, on, at) => write(switches, name, on ? at : undefined),
  };
}
