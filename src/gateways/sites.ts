import { mayBeCalled } from '../domain/client.ts';

/** What we fetch from sites, and send to them. */
export type Sites = (address: string | URL | Request, options?: RequestInit) => Promise<Response>;

type Wish = {
  /** On a laptop, and beside the suite, the sites are inside. */
  readonly inside: boolean;
  /** Milliseconds, until the last byte. */
  readonly patience?: number;
};

const PATIENCE = 2500;
const MOST_BYTES = 64 * 1024;

/**
 * The one place that calls addresses which sites gave us: never along a redirect, 2.5 seconds and 64 KiB at most.
 * In production the guard of the protocol library goes along, which ends a connection to an address inside before anything
 * is asked there; without it nothing is called. What is read is a document or a fault, and no fault tells what was there.
 */
export function siteFetch({ inside, patience = PATIENCE }: Wish): Sites {
  return async (address, options = {}) => {
    const { dispatcher, signal, ...rest } = options as RequestInit & { dispatcher?: unknown };
    const url = address instanceof Request ? address.url : String(address);
    if (!mayBeCalled(url, { emulator: inside })) throw new Error('not an address of a site');
    if (!inside && dispatcher === undefined) throw new Error('nothing guards the addresses inside');
    const guarded: RequestInit = { ...rest, redirect: 'manual', ...(!inside && { dispatcher }) };
    const patient = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(patience)]);
    const response = await fetch(url, { ...guarded, signal: patient });
    if ((options.method ?? 'GET') === 'GET') return document(response, new Headers(options.headers));
    // Only its status counts.
    await response.body?.cancel();
    return response;
  };
}

async function document(response: Response, wanted: Headers): Promise<Response> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || /^\s*(text\/html|image\/)/i.test(type)) {
    await response.body?.cancel();
    throw new Error('no document');
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('too long a document');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (wanted.get('accept') === 'application/json') mustBeJson(body);
  const { headers } = response;
  return new Response(body, { headers });
}

/** A parser's own words repeat what it read. */
function mustBeJson(body: Buffer): void {
  try {
    JSON.parse(body.toString());
  } catch {
    throw new Error('no JSON');
  }
}
