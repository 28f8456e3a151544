import type { Context } from 'koa';
import type { Links } from '../../domain/account-session.ts';
import { tellTooMany, type Ended } from '../../flows/session-ended.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import { agentOf, deviceNameOf } from '../kit/device.ts';
import type { InProcessFetch } from '../kit/in-process.ts';
import type { AccountGuard } from '../kit/router.ts';
import { accountGuard } from './guard.ts';
import { accountSite } from '../../flows/own-client.ts';
import { createOwnSite } from '../own-site.ts';

type Tools = {
  readonly config: Config;
  readonly parts: Parts;
  readonly links: Links;
  readonly fetch: InProcessFetch;
};

/** Who stands at the door of `/cuenta`, with all that she needs. */
export const accountDoor = ({ fetch, ...tools }: Tools): AccountGuard =>
  accountGuard({ ...tools, client: createOwnSite({ ...tools, fetch, site: accountSite(tools.config.origin) }) });

type Many = [ended: readonly Ended[], by: { readonly at: number; readonly device: string; readonly network: string }];

/** What the rows of sessions say of a browser, and what follows when they are too many. */
export const sessionTools = (parts: Parts) => ({
  browserOf: (ctx: Context) => {
    const userAgent = ctx.get('user-agent');
    return { device: deviceNameOf(userAgent), agent: agentOf(userAgent) };
  },
  tooMany: (...[ended, by]: Many) => tellTooMany(parts, ended, by),
});
