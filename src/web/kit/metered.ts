import type { Context } from 'koa';
import { PROTOCOL_ROUTES, type LabelsOf, type SignInOutcome, type SignInWay } from '../../domain/metric.ts';
import type { Parts } from '../../parts.ts';

type Metered = Pick<Parts, 'meters'>;
type Listener = LabelsOf<'claveunica_http_requests_total'>['listener'];
type Method = LabelsOf<'claveunica_http_requests_total'>['method'];

/** Under which name a request is counted: of a table's row, never the path that was asked for. */
export const countedAs = (ctx: Context, route: string): void => {
  ctx.state['route'] = route;
};

const PROTOCOL = new Map<string, string>(PROTOCOL_ROUTES.map((name) => [name, `openid:${name}`]));
/** The library names its routes; `cors.` before the name when a browser only asks whether it may. */
function protocolRoute(ctx: Context): string | undefined {
  const { oidc } = ctx as Context & { readonly oidc?: { readonly route?: string | undefined } };
  if (oidc === undefined) return undefined;
  const route = oidc.route ?? 'other';
  return PROTOCOL.get(route.startsWith('cors.') ? 'cors' : route) ?? 'openid:other';
}

const methodOf = (method: string): Method =>
  method === 'GET' || method === 'HEAD' ? 'GET' : method === 'POST' ? 'POST' : 'other';
const classOf = (status: number) => (status < 300 ? '2xx' : status < 400 ? '3xx' : status < 500 ? '4xx' : '5xx');

/** Counts the answers of a listener, `ms` after the question. What is counted at each request is looked up once. */
export function answers({ meters }: Metered, listener: Listener): (ctx: Context, ms: number) => void {
  type Counting = { readonly took: (ms: number) => void; readonly answered: (status: number) => void };
  const routes: Record<Method, Map<string, Counting>> = { GET: new Map(), POST: new Map(), other: new Map() };
  const counting = (route: string, method: Method): Counting => {
    const spread = meters.spread('claveunica_http_request_duration_seconds', { listener, route, method });
    const tallies: (ReturnType<typeof meters.count> | undefined)[] = [];
    const tally = (status: number) =>
      meters.count('claveunica_http_requests_total', { listener, route, method, status: classOf(status) });
    return {
      took: (ms) => spread.observe(ms / 1000),
      answered(status) {
        const at = Math.floor(status / 100);
        (tallies[at] ??= tally(status)).add();
      },
    };
  };
  return (ctx, ms) => {
    const method = methodOf(ctx.method);
    const named: unknown = ctx.state['route'];
    const route = typeof named === 'string' ? named : (protocolRoute(ctx) ?? 'unknown');
    const known = routes[method].get(route) ?? counting(route, method);
    routes[method].set(route, known);
    known.took(ms);
    known.answered(ctx.status);
  };
}

const WHY = ['crowd', 'limit', 'hasher', 'strength', 'signer', 'audit', 'store'] as const;
/** Somebody was not served: `part` is the part of ours that is away, or why else. */
export const turnedAway = ({ meters }: Metered, part: string): void =>
  meters.count('claveunica_turned_away_total', { why: WHY.find((why) => why === part) ?? 'other' }).add();

/** A step of a sign-in, and how it went on. */
export const signInWent = <Way extends SignInWay>({ meters }: Metered, way: Way, outcome: SignInOutcome<Way>): void =>
  meters.count('claveunica_sign_ins_total', { way, outcome }).add();
