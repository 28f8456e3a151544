import { AGAIN_LATELY, after, EXPIRING, isOver, LIVE, type CaseFilter } from '../../../src/domain/enrolment.ts';
import { folded } from '../../../src/domain/list.ts';
import type { OfficeFilter } from '../../../src/domain/schedule.ts';
import type { CaseList } from '../../../src/stores/case-list.ts';
import type { Enrolment, Enrolments } from '../../../src/stores/enrolments.ts';
import type { Offices } from '../../../src/stores/offices.ts';
import { pageIn } from './lists.ts';
import { mustBeUuid, throughJson, type Tables, type Write } from './tables.ts';

export function memoryEnrolments({ enrolments }: Tables, write: Write): Enrolments {
  const all = () => [...enrolments.values()];
  const clash = (one: Enrolment) =>
    one.contactConfirmedAt !== undefined &&
    LIVE.includes(one.stage) &&
    all().some(
      ({ enrolment: other }) =>
        other.id !== one.id &&
        other.contactConfirmedAt !== undefined &&
        LIVE.includes(other.stage) &&
        other.request.run === one.request.run &&
        one.request.email !== undefined &&
        other.request.email?.toLowerCase() === one.request.email.toLowerCase(),
    );
  return {
    async add({ id, request, network, token, domain, channel, office, createdAt, expiresAt }) {
      mustBeUuid(id);
      const enrolment: Enrolment = {
        ...{
          id,
          stage: 'requested',
          version: 1,
          request: throughJson(request),
          channel,
          office,
          level: undefined,
          network,
        },
        ...{
          officer: undefined,
          lastBy: undefined,
          sessions: 0,
          contactConfirmedAt: undefined,
          identifiedAt: undefined,
        },
        ...{ accountId: undefined, createdAt, updatedAt: createdAt, expiresAt },
      };
      write(enrolments, id, { enrolment, token, domain, moves: [] });
    },
    byId: async (id) => enrolments.get(id)?.enrolment,
    byToken: async (token) => all().find((row) => row.token === token)?.enrolment,
    async ofRun(run) {
      return all()
        .map(({ enrolment }) => enrolment)
        .filter(({ request }) => request.run === run)
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
    },
    lock: async () => undefined,
    async move(was, { move, by, at, set = {} }) {
      const to = after(was.stage, move, { by, lastBy: was.lastBy });
      const row = enrolments.get(was.id);
      if (to === undefined || row?.enrolment.stage !== was.stage || row.enrolment.version !== was.version)
        return undefined;
      const { officer, office, ...plain } = set;
      const enrolment: Enrolment = {
        ...{ ...row.enrolment, ...plain, stage: to, version: was.version + 1, updatedAt: at },
        ...(officer !== undefined && { officer: officer ?? undefined }),
        ...(office !== undefined && { office: office ?? undefined }),
        ...(by.kind === 'officer' && { lastBy: by.id }),
      };
      if (clash(enrolment)) throw new Error('duplicate key value violates unique constraint "one_open_case"');
      const moved = { move, from: was.stage, to, by: { kind: by.kind, id: by.id }, at };
      write(enrolments, was.id, { ...row, enrolment, moves: [...row.moves, moved] });
      return enrolment;
    },
    async replaceToken(id, token) {
      const row = enrolments.get(id);
      if (row) write(enrolments, id, { ...row, token });
    },
    history: async (id) => enrolments.get(id)?.moves ?? [],
    async alike(id, since) {
      const one = enrolments.get(id);
      const others = all().filter(({ enrolment }) => enrolment.id !== id);
      const email = one?.enrolment.request.email?.toLowerCase();
      return {
        sameEmail: others.filter(
          ({ enrolment: { request, createdAt } }) =>
            email !== undefined && request.email?.toLowerCase() === email && createdAt > since.email,
        ).length,
        sameNetwork: others.filter(
          ({ enrolment: { network, createdAt } }) => network === one?.enrolment.network && createdAt > since.others,
        ).length,
        sameDomain: others.filter(
          ({ domain, enrolment: { createdAt } }) =>
            domain !== undefined && domain === one?.domain && createdAt > since.others,
        ).length,
      };
    },
    sharing: async ({ request: { run, email } }, since) =>
      all().filter(
        ({ enrolment: { request, contactConfirmedAt, createdAt } }) =>
          email !== undefined &&
          request.email?.toLowerCase() === email.toLowerCase() &&
          request.run !== run &&
          contactConfirmedAt !== undefined &&
          createdAt > since,
      ).length,
    async overdue(now, most) {
      return all()
        .map(({ enrolment }) => enrolment)
        .filter(({ stage, expiresAt }) => expiresAt <= now && EXPIRING.includes(stage))
        .sort((a, b) => a.expiresAt - b.expiresAt)
        .slice(0, most);
    },
    async sweep(now) {
      const gone = all().filter(
        ({ enrolment: e }) =>
          e.expiresAt <= now &&
          isOver(e.stage) &&
          (e.identifiedAt === undefined || e.identifiedAt <= now - AGAIN_LATELY),
      );
      for (const { enrolment } of gone) write(enrolments, enrolment.id, undefined);
      return gone.length;
    },
  };
}

export function memoryCaseList({ enrolments }: Tables): CaseList {
  const those = ({ stage, channel }: CaseFilter) =>
    [...enrolments.values()]
      .map(({ enrolment }) => enrolment)
      .filter(
        (one) => (stage === undefined || one.stage === stage) && (channel === undefined || one.channel === channel),
      )
      .map(({ id, stage: at, channel: by, office, level, createdAt, updatedAt }) => ({
        ...{ id, stage: at, channel: by, office, level, createdAt, updatedAt },
      }));
  return {
    page: async (filter, paging) =>
      pageIn(those(filter), {
        paging,
        id: ({ id }) => id,
        keys: { created: ({ createdAt }) => createdAt, moved: ({ updatedAt }) => updatedAt },
      }),
    count: async (filter, most) => Math.min(most, those(filter).length),
  };
}

export function memoryOffices({ offices, rosters }: Tables, write: Write): Offices {
  const those = ({ agency, region }: OfficeFilter) =>
    [...offices.values()].filter(
      (one) => (agency ?? one.agency) === one.agency && (region ?? one.region) === one.region,
    );
  return {
    async list() {
      const key = ({ region, comuna, name }: { region: string; comuna: string; name: string }) =>
        `${region}\n${comuna}\n${name}`;
      return [...offices.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    },
    page: async (filter, paging) =>
      pageIn(those(filter), {
        paging,
        id: ({ id }) => id,
        keys: { name: ({ name }) => folded(name), place: ({ region, comuna }) => folded(`${region}\n${comuna}`) },
      }),
    count: async (filter, most) => Math.min(most, those(filter).length),
    regions: async (filter) => [...new Set(those(filter).map(({ region }) => region))].sort(),
    byId: async (id) => offices.get(id),
    put: async (office) => write(offices, office.id, throughJson(office)),
    async shifts({ from, to, officer }) {
      return [...rosters.values()]
        .flat()
        .filter((shift) => shift.day >= from && shift.day <= to && (officer ?? shift.officer) === shift.officer)
        .sort((a, b) =>
          a.day < b.day
            ? -1
            : a.day > b.day
              ? 1
              : a.officer < b.officer
                ? -1
                : a.officer > b.officer
                  ? 1
                  : a.from - b.from,
        );
    },
    setShifts: async (officer, day, shifts) =>
      write(
        rosters,
        `${officer} ${day}`,
        shifts.map((shift) => throughJson({ ...shift, officer, day })),
      ),
  };
}
