import type { Link, Links } from '../domain/account-session.ts';
import { SESSION_ABSOLUTE, SESSION_IDLE } from '../domain/lifetimes.ts';
import type { Run } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import type { KnownDevice } from '../stores/devices.ts';
import type { SessionRow } from '../stores/sessions.ts';
import { tellSites } from './tell-sites.ts';

/** A session as its owner is shown it; milliseconds. */
export type OpenSession = Pick<
  SessionRow,
  'ref' | 'uid' | 'device' | 'network' | 'shared' | 'begunAt' | 'disconnected'
> & {
  /** When it last entered a site. */
  readonly seenAt: number;
};

type Needs = Pick<Parts, 'accounts' | 'audit' | 'clock' | 'sessions'>;

/** Those that are neither ended nor over by themselves, the newest first. */
export async function liveSessions(parts: Needs, accountId: string): Promise<readonly OpenSession[]> {
  const now = parts.clock();
  const since = now - SESSION_ABSOLUTE * 1000;
  const [rows, uses, account] = await Promise.all([
    parts.sessions.list(accountId, since),
    parts.audit.lastUses(accountId, since),
    parts.accounts.byId(accountId),
  ]);
  // A sign-in takes effect in the second after a revocation.
  const from = ((account?.revokedUntil ?? 0) - 1) * 1000;
  return rows
    .filter(({ endedAt, begunAt }) => endedAt === undefined && begunAt >= from)
    .map(({ ref, uid, device, network, shared, begunAt, disconnected }) => {
      const seenAt = Math.max(begunAt, uses.get(ref) ?? 0);
      return { ref, uid, device, network, shared, begunAt, disconnected, seenAt };
    })
    .filter(({ seenAt }) => now < seenAt + SESSION_IDLE * 1000);
}

export type Places = { readonly sessions: readonly OpenSession[]; readonly devices: readonly KnownDevice[] };

/** Where the account is open, and the devices that it knows. The own session is always there. */
export async function places(
  parts: Needs & Pick<Parts, 'devices'>,
  { accountId, run, uid }: { readonly accountId: string; readonly run: Run; readonly uid: string },
): Promise<Places> {
  const [live, devices, own] = await Promise.all([
    liveSessions(parts, accountId),
    parts.devices.of(run),
    parts.sessions.find(uid),
  ]);
  const others = live.filter((session) => session.uid !== uid);
  return { sessions: own ? [{ ...own, seenAt: parts.clock() }, ...others] : others, devices };
}

type Whose = { readonly accountId: string; readonly links: Links };

/** The sites that hang on any of her sessions; to be asked before these end. */
export async function linksOf(parts: Needs, { accountId, links }: Whose): Promise<readonly Link[]> {
  const live = await liveSessions(parts, accountId);
  return (await Promise.all(live.map(({ uid }) => links.of(uid)))).flat();
}

type Ending = {
  readonly accountId: string;
  readonly links: Links;
  /** One by its `ref`, or all but the own. */
  readonly which: { readonly ref: string } | { readonly but: string };
  readonly network: string;
  readonly requestId: string;
};

/** Ends sessions at once, wherever they are, and tells their sites. How many it were. */
export async function endSessions(
  parts: Needs & Pick<Parts, 'transaction'>,
  { accountId, links, which, network, requestId }: Ending,
): Promise<number> {
  const at = parts.clock();
  // What hangs on a session cannot be seen any more once it has ended.
  const live = await liveSessions(parts, accountId);
  const meant = live.filter(({ ref, uid }) => ('ref' in which ? ref === which.ref : uid !== which.but));
  const told = (await Promise.all(meant.map(({ uid }) => links.of(uid)))).flat();
  const ended = await parts.transaction(async (tx) => {
    const one = 'ref' in which ? await tx.sessions.endOne(accountId, which.ref, at) : undefined;
    const rows = 'ref' in which ? (one ? [one] : []) : await tx.sessions.endAll(accountId, at, which.but);
    const here = rows.filter(({ ref }) => meant.some((session) => session.ref === ref));
    for (const { ref, device } of here)
      await tx.audit.add({
        kind: 'session-ended',
        ...{ at, accountId, network, requestId },
        details: { by: 'owner', session: ref, device },
      });
    await tellSites(tx, accountId, told);
    return here.length;
  });
  return ended;
}

type Forgetting = {
  readonly accountId: string;
  readonly run: Run;
  readonly ref: string;
  readonly network: string;
  readonly requestId: string;
};

/** Signing in there is as from a new device again. */
export function forgetDevice(
  parts: Pick<Parts, 'clock' | 'transaction'>,
  { accountId, run, ref, network, requestId }: Forgetting,
): Promise<boolean> {
  return parts.transaction(async (tx) => {
    if (!(await tx.devices.forgetOne(run, ref))) return false;
    await tx.audit.add({ kind: 'device-forgotten', at: parts.clock(), accountId, network, requestId });
    return true;
  });
}
