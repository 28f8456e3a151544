import type { Context, Middleware } from 'koa';
import Provider, { type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';
import type { Artifact } from '../stores/artifacts.ts';

/** What one request of the protocol has sent its stores for, and has not waited for yet. */
export type Errands = {
  /** Writes by key. The library waits for each; the answer alone has to (`errandsDone`). */
  readonly writes: Map<string, Promise<void>>;
  /** Grants that are certain to be asked for, by their ids; each is given out once. */
  readonly grants: Map<string, Promise<Artifact | undefined>>;
  /** Of sessions, by their uids, what the library compares a token with; undefined where the session itself must be asked. */
  readonly bound: Map<string, Promise<AdapterPayload | undefined>>;
};

/** Kept with the request itself: a WeakMap costs the collector more than the request allocates for it. */
const ERRANDS = Symbol('errands');
type Marked = { [ERRANDS]?: Errands | undefined };
const ofRequest = (request: Pick<KoaContextWithOIDC, 'oidc'> & Marked): Errands =>
  (request[ERRANDS] ??= { writes: new Map(), grants: new Map(), bound: new Map() });

/** Those of the request that is under way; undefined outside of one (the pages of an interaction, jobs). */
export function errandsOf(): Errands | undefined {
  const { ctx } = Provider;
  return ctx && ofRequest(ctx);
}

const quiet = () => undefined;

/** It may fail before anybody looks; whoever waits for it hears that all the same. */
export const begun = <T>(work: Promise<T>): Promise<T> => {
  work.catch(quiet);
  return work;
};

/**
 * No answer leaves before all that it speaks of is written, here and by whoever stands further in (the session's row, the
 * record of a visit): else it is a fault, and names nothing of it. What is stored of it then opens nothing: nobody has
 * heard its code or its cookie.
 */
export const errandsDone: Middleware = async (ctx: Context & Marked, next) => {
  try {
    await next();
    const writes = ctx[ERRANDS]?.writes;
    if (writes) await Promise.all(writes.values());
  } catch (error) {
    ctx.remove('location');
    ctx.remove('set-cookie');
    throw error;
  }
};
