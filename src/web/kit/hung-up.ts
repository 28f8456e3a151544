import type { Context } from 'koa';
import type { LabelsOf } from '../../domain/metric.ts';
import type { Parts } from '../../parts.ts';

type Listener = LabelsOf<'claveunica_hung_up_total'>['listener'];

/**
 * What Koa tells of an answer that did not go out whole. Who is not there any more to take it says nothing of the product,
 * and is counted; what broke here is a fault, told once.
 */
export function unfinished(parts: Pick<Parts, 'log' | 'meters' | 'outages'>, listener: Listener) {
  const told = new WeakSet<object>();
  const gone = parts.meters.count('claveunica_hung_up_total', { listener });
  return (err: unknown, ctx?: Context): void => {
    const seen = ctx?.res;
    // Koa hears of the same end from the stream, the connection and the request.
    if (seen && told.has(seen)) return;
    if (seen) told.add(seen);
    if (ctx && seen && hungUp(err, ctx)) gone.add();
    else
      parts.outages.met(err, {
        request: true,
        tell: () => parts.log.error({ err }, listener === 'public' ? FAULT : `${FAULT} of the console`),
      });
  };
}

const FAULT = 'fault in an answer';

/** Had the answer broken here, it would have been ended with a fault: of a connection that is lost it knows nothing. */
function hungUp(err: unknown, { req, res }: Context): boolean {
  if (res.errored !== null) return false;
  return err === req.socket.errored || err === req.errored || isCutShort(err);
}

const isCutShort = (err: unknown) => err instanceof Error && 'code' in err && err.code === 'ERR_STREAM_PREMATURE_CLOSE';
