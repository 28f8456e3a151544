import createError from 'http-errors';
import { messagePage } from '#views/pages/message.ts';
import type { Frame } from '#views/layout.ts';
import { requestAgain, wayBack } from '../flows/way-back.ts';
import type { Config } from '../config.ts';
import type { Parts } from '../parts.ts';
import type { Act, Reply } from './kit/row.ts';

type From = {
  readonly frame: Frame;
  readonly config: Config;
  readonly uid: string | undefined;
  readonly clientId: string | undefined;
  readonly helpCode: string;
  /** The browser brought none at all: to begin again may not be enough. */
  readonly cookieless?: boolean;
};

/** A stale, finished or cookieless page: one button, back to where the person wanted to go. */
export async function staleReply(parts: Parts, from: From): Promise<Reply> {
  const { frame, config, uid, clientId, helpCode } = from;
  // It stands in the address: Postgres knows no NUL, and would answer with a fault.
  const named = clientId?.includes('\0') ? undefined : clientId;
  const way = await wayBack(parts, { uid, clientId: named, issuer: `${config.origin}/openid` });
  const { ways } = frame.words;
  const reply = (href: string, label: string): Reply => ({
    status: 410,
    page: messagePage(frame, {
      kind: from.cookieless === true ? 'no-cookies' : 'stale',
      to: { href, label },
      helpCode,
    }),
  });
  switch (way.kind) {
    case 'again':
      return reply(`/ingresar/${encodeURIComponent(way.uid)}/reintentar`, ways.retryAt(way.client.name));
    case 'site':
      return reply(way.to, ways.retryAt(way.client.name));
    case 'home':
      return reply('/', ways.home);
  }
}

/** After a flow, when the interaction that was left is over: the same request again, or where else it leads. */
export const comeBackLate: Act = async (visit, parts) => {
  const { frame, config, params, query } = visit;
  const uid = params['uid'] ?? '';
  if (await requestAgain(parts, uid)) return startAgain(visit, parts);
  return staleReply(parts, { frame, config, uid, clientId: query.get('rp') ?? undefined, helpCode: visit.helpCode });
};

/** The same request once more, as if the institution had just sent the person. */
export const startAgain: Act = async (visit, parts) => {
  const params = await requestAgain(parts, visit.params['uid'] ?? '');
  if (!params) throw createError(404);
  return { status: 303, to: `/openid/authorize?${new URLSearchParams(params).toString()}` };
};
