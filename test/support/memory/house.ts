import { NOT_ME } from '../../../src/domain/notice.ts';
import type { Audit, AuditFilter, Event } from '../../../src/stores/audit.ts';
import { KEY_STATES, SIGNING_ALGS, type KeyDates } from '../../../src/domain/signing-key.ts';
import type { ClientFilter } from '../../../src/domain/client.ts';
import { folded } from '../../../src/domain/list.ts';
import type { AccountCaseFilter } from '../../../src/domain/account-case.ts';
import type { Cases, CaseStep, NewStep } from '../../../src/stores/cases.ts';
import type { Clients } from '../../../src/stores/clients.ts';
import { LOGOUT_TASK, type Jobs } from '../../../src/stores/jobs.ts';
import type { Notices } from '../../../src/stores/notices.ts';
import type { Outbox } from '../../../src/stores/outbox.ts';
import type { Settings } from '../../../src/stores/settings.ts';
import type { SigningKeys } from '../../../src/stores/signing-keys.ts';
import { pageIn } from './lists.ts';
import { mustBeUuid, nextOf, throughJson, type Tables, type Write } from './tables.ts';

export function memoryClients({ clients }: Tables, write: Write): Clients {
  const those = ({ institution, state, profile, words }: ClientFilter) =>
    [...clients.values()].filter(
      (client) =>
        client.registered === undefined &&
        (institution === undefined || client.institution === institution) &&
        (state === undefined || client.state === state) &&
        (profile === undefined || client.profile === profile) &&
        (words === undefined ||
          [client.name, client.institution, client.id].some((text) => folded(text).includes(folded(words)))),
    );
  return {
    page: async (filter, paging) =>
      pageIn(throughJson(those(filter)), {
        paging,
        id: ({ id }) => id,
        keys: { name: ({ name }) => folded(name), institution: ({ institution }) => folded(institution) },
      }),
    count: async (filter, most) => Math.min(most, those(filter).length),
    byId: async (id) => throughJson({ found: clients.get(id) }).found,
    fresh: async (id) => throughJson({ found: clients.get(id) }).found,
    list: async () => throughJson([...clients.values()].sort((a, b) => (a.id < b.id ? -1 : 1))),
    async atOrigin(profile, origin) {
      const there = (uri: string) => uri === origin || uri.startsWith(`${origin}/`) || uri.startsWith(`${origin}?`);
      const found = [...clients.values()].filter(
        (client) =>
          client.profile === profile && [...client.redirectUris, ...client.postLogoutRedirectUris].some(there),
      );
      return throughJson(found);
    },
    async add(client) {
      if (clients.has(client.id)) return false;
      write(clients, client.id, throughJson(client));
      return true;
    },
    put: async (client) => write(clients, client.id, throughJson(client)),
    remove: async (id) => write(clients, id, undefined),
    async change(id, change) {
      const { found } = throughJson({ found: clients.get(id) });
      if (!found) return undefined;
      const changed = change(found);
      write(clients, id, throughJson(changed));
      return changed;
    },
  };
}

export function memoryAudit({ audit }: Tables, write: Write): Audit {
  const own = (accountId: string) => {
    mustBeUuid(accountId);
    return [...audit.values()].filter((event) => event.accountId === accountId);
  };
  const those = ({ accountId, actorId, kind, request, from, until }: AuditFilter) =>
    [...audit].filter(
      ([, event]) =>
        (accountId === undefined || event.accountId === accountId) &&
        (actorId === undefined || event.actorId === actorId) &&
        (kind === undefined || event.kind === kind) &&
        (request === undefined ||
          (request.whole === undefined
            ? request.beginnings.includes(event.requestId?.slice(0, 7) ?? '')
            : event.requestId === request.whole)) &&
        event.at >= from &&
        event.at < until,
    );
  const accesses = (accountId: string, from: number) =>
    own(accountId).filter(({ kind, at }) => kind === 'access-granted' && at >= from);
  const read = ({ kind, at, accountId, actorId, clientId, requestId, network, details = {} }: Event): Event => {
    const actor = actorId === undefined ? {} : { actorId };
    return { kind, at, accountId, ...actor, clientId, requestId, network, details: throughJson(details) };
  };
  return {
    async add(event) {
      if (event.accountId !== undefined) mustBeUuid(event.accountId);
      write(audit, nextOf(audit), throughJson(event));
    },
    ofAccount: async (accountId, limit) => own(accountId).toReversed().slice(0, limit).map(read),
    async search({ accountId, kinds, clientId, from, until, skip = 0, limit }) {
      const found = own(accountId).filter(
        ({ kind, at, clientId: site }) =>
          kinds.includes(kind) && at >= from && at < until && (clientId === undefined || site === clientId),
      );
      return found
        .toReversed()
        .sort((a, b) => b.at - a.at)
        .slice(skip, skip + limit)
        .map(read);
    },
    async find({ oldestFirst = false, before, limit, ...filter }) {
      const way = oldestFirst ? -1 : 1;
      const last = before === undefined ? undefined : audit.get(Number(before))?.at;
      const compare = (a: readonly [number, number], b: readonly [number, number]) =>
        way * (b[1] - a[1] || b[0] - a[0]);
      return those(filter)
        .filter(([id, { at }]) => last === undefined || compare([id, at], [Number(before), last]) > 0)
        .sort(([a, { at }], [b, { at: other }]) => compare([a, at], [b, other]))
        .slice(0, limit)
        .map(([id, event]) => ({ id: String(id), ...read(event) }));
    },
    countFound: async (filter, most) => Math.min(most, those(filter).length),
    count: async (kind, from, until) =>
      [...audit.values()].filter((event) => event.kind === kind && event.at >= from && event.at < until).length,
    async visited(accountId, from) {
      const sites = Map.groupBy(accesses(accountId, from), ({ clientId = '' }) => clientId);
      return [...sites]
        .map(([clientId, all]) => ({
          clientId,
          lastAt: Math.max(...all.map(({ at }) => at)),
          times: all.length,
        }))
        .sort((a, b) => b.lastAt - a.lastAt || (a.clientId < b.clientId ? -1 : 1));
    },
    async lastUses(accountId, from) {
      const uses = new Map<string, number>();
      for (const { at, details } of accesses(accountId, from)) {
        const session = details?.['session'];
        if (typeof session === 'string') uses.set(session, Math.max(at, uses.get(session) ?? 0));
      }
      return uses;
    },
  };
}

export function memoryOutbox({ outbox }: Tables, write: Write): Outbox {
  return {
    add: async (letter) => write(outbox, nextOf(outbox), throughJson(letter)),
    // Nothing fails here.
    stuck: async () => [],
    retry: async () => 0,
    sweep: async () => 0,
  };
}

export function memoryNotices({ accounts, notices }: Tables, write: Write): Notices {
  const alive = (token: string, now: number) => {
    const notice = notices.get(token);
    if (!notice || notice.at <= now - NOT_ME) return undefined;
    return { ...throughJson(notice), deniedAt: notice.deniedAt };
  };
  return {
    async add({ token, ...notice }) {
      if (!accounts.has(notice.accountId)) throw new Error('foreign key: no such account');
      if (!notices.has(token)) write(notices, token, throughJson({ ...notice, deniedAt: undefined }));
    },
    find: async (token, now) => alive(token, now),
    async deny(token, now) {
      const notice = alive(token, now);
      if (!notice || notice.deniedAt !== undefined) return undefined;
      write(notices, token, { ...notice, deniedAt: now });
      return { ...notice, deniedAt: now };
    },
    async sweep(now) {
      const old = [...notices].filter(([, { at }]) => at <= now - NOT_ME);
      for (const [token] of old) write(notices, token, undefined);
      return old.length;
    },
  };
}

export function memoryCases({ accounts, cases, caseSteps }: Tables, write: Write): Cases {
  const said = (id: string, { by, at, words }: NewStep, what: CaseStep['what']) => {
    write(caseSteps, id, [...(caseSteps.get(id) ?? []), { what, at, by, words }]);
    return true;
  };
  const those = ({ closed, free, takenBy, outcome, kind, except }: AccountCaseFilter) =>
    [...cases.values()]
      .filter((one) => (one.closedAt !== undefined) === closed && one.accountId !== except)
      .filter((one) => !free || one.takenBy === undefined)
      .filter((one) => (takenBy ?? one.takenBy) === one.takenBy && (kind ?? one.kind) === one.kind)
      .filter((one) => (outcome ?? one.outcome) === one.outcome)
      .map(({ details: _, ...one }) => one);
  const open = (id: string) => {
    const one = cases.get(id);
    return one?.closedAt === undefined ? one : undefined;
  };
  return {
    async open(opened) {
      mustBeUuid(opened.id);
      if (cases.has(opened.id)) throw new Error('duplicate key: a case is there');
      if (!accounts.has(opened.accountId)) throw new Error('foreign key: no such account');
      write(cases, opened.id, throughJson(opened));
    },
    async ofAccount(accountId) {
      mustBeUuid(accountId);
      const own = [...cases.values()].filter((one) => one.accountId === accountId);
      return throughJson(own.sort((a, b) => b.at - a.at));
    },
    async byId(id) {
      const one = cases.get(id);
      return one && throughJson(one);
    },
    page: async (filter, paging) =>
      pageIn(those(filter), {
        paging,
        id: ({ id }) => id,
        keys: { opened: ({ at }) => at, closed: ({ closedAt = 0 }) => closedAt },
      }),
    count: async (filter, most) => Math.min(most, those(filter).length),
    async take(id, step) {
      const one = open(id);
      if (!one || one.takenBy !== step.was || one.takenBy === step.by) return false;
      write(cases, id, { ...one, takenBy: step.by, takenAt: step.at });
      return said(id, step, 'taken');
    },
    async note(id, step) {
      return open(id)?.takenBy === step.by && said(id, step, 'noted');
    },
    async close(id, step) {
      const one = open(id);
      if (one?.takenBy !== step.by) return false;
      write(cases, id, { ...one, closedAt: step.at, outcome: step.outcome });
      return said(id, step, 'closed');
    },
    steps: async (id) => caseSteps.get(id) ?? [],
    async sweep(before) {
      const over = [...cases.values()].filter(({ closedAt }) => closedAt !== undefined && closedAt < before);
      for (const { id } of over) {
        write(cases, id, undefined);
        write(caseSteps, id, undefined);
      }
      return over.length;
    },
  };
}

export function memoryJobs({ jobs }: Tables, write: Write): Jobs {
  return {
    add: async (job) => write(jobs, nextOf(jobs), throughJson(job)),
    release: async () => undefined,
    releaseOf: async () => undefined,
    standing: async () =>
      jobs.size === 0 ? [] : [{ job: LOGOUT_TASK, waiting: jobs.size, retrying: 0, dead: 0, lateSeconds: 0 }],
  };
}

export function memorySettings(): Settings {
  const values = new Map<string, string>();
  return {
    async once(name, offered) {
      if (!values.has(name)) values.set(name, offered);
      return values.get(name) ?? offered;
    },
    read: async (name) => values.get(name),
    write: async (name, value) => void values.set(name, value),
  };
}

export function memorySigningKeys({ signingKeys }: Tables, write: Write): SigningKeys {
  const ofAlg = (alg: string, state: string) =>
    [...signingKeys.values()].some((key) => key.alg === alg && key.state === state);
  const newestFirst = <K extends { readonly createdAt: number; readonly kid: string }>(keys: Iterable<K>): K[] =>
    [...keys].sort((a, b) => b.createdAt - a.createdAt || (a.kid < b.kid ? -1 : 1));
  const placeOf = ({ state, alg }: KeyDates) => KEY_STATES.indexOf(state) * 10 + SIGNING_ALGS.indexOf(alg);
  return {
    async published() {
      const keys = newestFirst(signingKeys.values()).filter(({ state }) => state !== 'retired');
      return throughJson(
        keys
          .sort((a, b) => placeOf(a) - placeOf(b))
          .map(({ kid: _kid, alg: _alg, jwk, ...dates }) => ({ jwk: jwk!, ...dates })),
      );
    },
    async list() {
      const keys = newestFirst(signingKeys.values()).sort((a, b) => (a.alg < b.alg ? -1 : a.alg > b.alg ? 1 : 0));
      return throughJson(keys.map(({ jwk: _jwk, ...dates }) => dates));
    },
    // Transactions come one after the other here.
    hold: async () => undefined,
    async add(key) {
      const { kid, alg } = key.jwk;
      if (['current', 'next'].includes(key.state) && ofAlg(alg, key.state)) return false;
      if (signingKeys.has(kid)) throw new Error(`signing_keys: ${kid} is there already`);
      write(signingKeys, kid, throughJson({ kid, alg, ...key }));
      return true;
    },
    async move(kid, to, jwk) {
      const key = signingKeys.get(kid);
      if (!key) return;
      if (['current', 'next'].includes(to.state) && to.state !== key.state && ofAlg(key.alg, to.state))
        throw new Error(`signing_keys: two keys of ${key.alg} would be ${to.state}`);
      const { until: _until, ...rest } = key;
      write(signingKeys, kid, throughJson({ ...rest, ...to, jwk: jwk === undefined ? key.jwk : (jwk ?? undefined) }));
    },
    // There are no other processes.
    async follow(changed) {
      changed();
      return async () => undefined;
    },
  };
}
