import type { Context } from 'koa';
import { z } from 'zod';
import { consoleUntil, isFresh, type ConsoleSession } from '../../domain/console-session.ts';
import { mayTry } from '../../domain/roles.ts';
import { enterConsole } from '../../flows/enter-console.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import { deviceOf } from '../kit/device.ts';
import { langOf } from '../kit/frame.ts';
import type { StaffGuard } from '../kit/staff-row.ts';
import type { OwnRelyingParty } from '../own-site.ts';

const COOKIE = 'cu_console';
const TOUCH_MS = 30_000;

const stored = z.object({ uid: z.string(), signedInAt: z.number(), seenAt: z.number(), idToken: z.string() });

/** `config` is the console's: its origin is that of its own host. */
type Tools = { readonly config: Config; readonly parts: Parts; readonly client: OwnRelyingParty };

/**
 * Sessions of the console. With each request the provider's session, the account and the post are looked at: who is
 * disabled is out at her next click, on every process.
 */
export function staffGuard({ config, parts, client }: Tools): StaffGuard {
  const { accounts, clock, journeys, sessions, staff } = parts;
  const name = config.secure ? `__Host-${COOKIE}` : COOKIE;
  const attributes = { httpOnly: true, sameSite: 'lax', secure: config.secure, overwrite: true } as const;
  const idOf = (ctx: Context) => ctx.cookies.get(name, { signed: false });

  async function find(ctx: Context, { byItself = false } = {}) {
    const id = idOf(ctx);
    const now = clock();
    const journey = id === undefined ? undefined : await journeys.find({ kind: 'console', id, now });
    if (id === undefined || !journey?.accountId) return undefined;
    const session: ConsoleSession = stored.parse(journey.state);
    const [row, member, account] = await Promise.all([
      sessions.find(session.uid),
      staff.byId(journey.accountId),
      accounts.byId(journey.accountId),
    ]);
    const stands = row?.status === 'active' && row.endedAt === undefined && session.signedInAt >= row.revokedUntil;
    if (!stands || row.accountId !== journey.accountId || member?.state !== 'active' || !account) return undefined;
    if (!byItself && now - session.seenAt > TOUCH_MS) {
      const state = { ...session, seenAt: now };
      await journeys.move({ kind: 'console', id, was: journey.version, state, until: consoleUntil(state), now });
    }
    return { id, session, staff: member, account };
  }

  async function forget(ctx: Context): Promise<void> {
    const id = idOf(ctx);
    if (id === undefined) return;
    await journeys.end('console', id);
    ctx.cookies.set(name, null, { ...attributes, signed: false });
  }

  return {
    async enter(ctx, { may, fresh, back, byItself }) {
      const found = await find(ctx, { byItself });
      const again = found !== undefined && fresh && !isFresh(found.session, clock());
      if (!found || again) {
        const going = { to: back, device: deviceOf(ctx, parts, config), lang: langOf(ctx) };
        return { kind: 'elsewhere', to: await client.signIn({ ...going, fresh: again ? 'again' : undefined }) };
      }
      const actor = {
        staff: found.staff,
        provedAt: found.session.signedInAt * 1000,
        requestId: String(ctx.state['requestId']),
        network: String(ctx.state['network']),
      };
      if (may !== 'any' && !mayTry(found.staff, may)) {
        const { requestId, network } = actor;
        const event = { at: clock(), actorId: found.staff.accountId, requestId, network };
        await parts.audit.add({ kind: 'staff-denied', ...event, details: { act: may, lacks: 'role' } });
        return { kind: 'denied' };
      }
      return { kind: 'in', token: `console ${found.id}`, visit: { actor, account: found.account } };
    },
    async missed({ actor: { staff: her, requestId, network } }, act) {
      const event = { at: clock(), actorId: her.accountId, requestId, network };
      await parts.audit.add({ kind: 'staff-denied', ...event, details: { act, lacks: 'object' } });
    },
    door(ctx) {
      const device = deviceOf(ctx, parts, config);
      return {
        signIn: (to) => client.signIn({ to, device, lang: langOf(ctx) }),
        async arrive() {
          const arrived = await client.arrive(new URL(ctx.url, config.origin), device);
          if (arrived === undefined || arrived === 'cancelled') return arrived;
          const { to, uid, acr, signedInAt, idToken } = arrived;
          const row = await sessions.find(uid);
          if (!row) return undefined;
          const { accountId } = row;
          const requestId = String(ctx.state['requestId']);
          const outcome = await enterConsole(parts, {
            ...{ accountId, acr, requestId, network: String(ctx.state['network']) },
          });
          if (outcome.kind !== 'entered') return outcome.kind;
          await forget(ctx);
          const state: ConsoleSession = { uid, signedInAt, idToken, seenAt: clock() };
          const id = await journeys.begin({ kind: 'console', state, accountId, until: consoleUntil(state) });
          ctx.cookies.set(name, id, { ...attributes, signed: false });
          return { to };
        },
        async leave() {
          const found = await find(ctx);
          await forget(ctx);
          return found && client.signOut(found.session.idToken);
        },
      };
    },
  };
}
