import type { Context } from 'koa';
import { z } from 'zod';
import { entrance, type AccountSession, type Links } from '../../domain/account-session.ts';
import { CONTACTS } from '../../domain/contact-change.ts';
import { SESSION_ABSOLUTE, SESSION_IDLE } from '../../domain/lifetimes.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import { agentOf, deviceNameOf, deviceOf } from '../kit/device.ts';
import { langOf } from '../kit/frame.ts';
import type { AccountVisit, Browser } from '../kit/row.ts';
import type { AccountGuard } from '../kit/router.ts';
import type { OwnRelyingParty } from '../own-site.ts';

const COOKIE = 'cu_account';
/** A page a minute is enough to know that somebody is there. */
const TOUCH_MS = 60_000;

const stored = z.object({
  ...{ uid: z.string(), signedInAt: z.number(), seenAt: z.number(), idToken: z.string() },
  change: z.object({ what: z.enum(CONTACTS), value: z.string() }).optional(),
  offer: z.string().optional(),
});

type Tools = {
  readonly config: Config;
  readonly parts: Parts;
  readonly client: OwnRelyingParty;
  readonly links: Links;
};

/**
 * Sessions of `/cuenta`. Ours hang on the provider's: with each request we look whether that one still stands, so that
 * an end, wherever it was made, is felt at once.
 */
export function accountGuard({ config, parts, client, links }: Tools): AccountGuard {
  const { clock, journeys, sessions } = parts;
  const name = config.secure ? `__Host-${COOKIE}` : COOKIE;
  const attributes = { httpOnly: true, sameSite: 'lax', secure: config.secure, overwrite: true } as const;
  const idOf = (ctx: Context) => ctx.cookies.get(name, { signed: false });
  const browserOf = (ctx: Context): Browser => {
    const userAgent = ctx.get('user-agent');
    return {
      device: deviceOf(ctx, parts, config),
      deviceName: deviceNameOf(userAgent),
      agent: agentOf(userAgent),
    };
  };
  const lasts = ({ seenAt, signedInAt }: Pick<AccountSession, 'seenAt' | 'signedInAt'>) =>
    Math.min(seenAt + SESSION_IDLE * 1000, (signedInAt + SESSION_ABSOLUTE) * 1000);

  async function find(ctx: Context) {
    const id = idOf(ctx);
    const journey = id === undefined ? undefined : await journeys.find({ kind: 'account', id, now: clock() });
    if (id === undefined || !journey) return undefined;
    const session: AccountSession = stored.parse(journey.state);
    const row = await sessions.find(session.uid);
    const stands = row?.status === 'active' && row.endedAt === undefined && session.signedInAt >= row.revokedUntil;
    const account = stands ? await parts.accounts.byId(row.accountId) : undefined;
    return row && account && { id, version: journey.version, session, row, account };
  }

  async function forget(ctx: Context): Promise<void> {
    const id = idOf(ctx);
    if (id === undefined) return;
    await journeys.end('account', id);
    ctx.cookies.set(name, null, { ...attributes, signed: false });
  }

  return {
    async enter(ctx, { fresh }) {
      const found = await find(ctx);
      const browser = browserOf(ctx);
      const here = { network: String(ctx.state['network']), agent: browser.agent };
      const now = clock();
      const verdict = found ? entrance({ session: found.session, then: found.row, here, fresh, now }) : 'sign-in';
      if (!found || verdict !== 'in') {
        const to = ctx.method === 'GET' ? ctx.url : ctx.path;
        const way = verdict === 'again' || verdict === 'prove' ? verdict : undefined;
        return {
          kind: 'elsewhere',
          to: await client.signIn({ to, device: browser.device, fresh: way, lang: langOf(ctx) }),
        };
      }
      const { id, row, account } = found;
      let { version, session } = found;
      const remember: AccountVisit['remember'] = async (change) => {
        // Another tab may have been quicker, with something else: once more upon that.
        for (let tries = 0; tries < 3; tries++) {
          const state = { ...session, ...change };
          if (await journeys.move({ kind: 'account', id, was: version, state, until: lasts(state), now })) {
            [version, session] = [version + 1, state];
            return true;
          }
          const other = await journeys.find({ kind: 'account', id, now });
          if (!other) return false;
          [version, session] = [other.version, stored.parse(other.state)];
        }
        return false;
      };
      if (now - session.seenAt > TOUCH_MS) await remember({ seenAt: now });
      const visit = { ...browser, account, session, shared: row.shared, links, remember, forget: () => forget(ctx) };
      return { kind: 'in', token: `account ${id}`, visit };
    },
    door(ctx) {
      const browser = browserOf(ctx);
      const url = new URL(ctx.url, config.origin);
      return {
        ...browser,
        url,
        signIn: (to) => client.signIn({ to, device: browser.device, lang: langOf(ctx) }),
        isIn: async () => (await find(ctx)) !== undefined,
        async arrive() {
          const arrived = await client.arrive(url, browser.device);
          if (arrived === undefined || arrived === 'cancelled') return arrived;
          const { to, acr: _acr, ...rest } = arrived;
          const row = await sessions.find(arrived.uid);
          if (!row) return undefined;
          // A fresh name for each sign-in: one that was planted, or stolen, is worth nothing afterwards.
          const before = await find(ctx);
          await forget(ctx);
          // A new sign-in in the middle of a change goes on with it.
          const { change, offer } = before?.row.accountId === row.accountId ? before.session : {};
          const state: AccountSession = { ...rest, seenAt: clock(), change, offer };
          const id = await journeys.begin({ kind: 'account', state, accountId: row.accountId, until: lasts(state) });
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
