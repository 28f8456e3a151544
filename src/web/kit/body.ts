import type { IncomingMessage } from 'node:http';
import createError from 'http-errors';

/** The whole body, or 413 before it is read whole. */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > limit) throw createError(413);
  return whole(req, limit).catch((error: unknown) => {
    // One that ends too early says ECONNRESET, as a store does that is lost.
    throw error === req.errored ? createError(400) : error;
  });
}

async function whole(req: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw createError(413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The charset that a content type names; UTF-8 and Latin-1 are understood, others are 415. */
export function charsetOf(contentType: string): 'utf-8' | 'latin1' {
  const charset = /;\s*charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii') return 'utf-8';
  if (/^(iso-?8859-?1|latin1|windows-1252)$/.test(charset)) return 'latin1';
  throw createError(415);
}

/** `either`: UTF-8, and what is none is Latin-1, as old servers send it without saying so. */
export type Charset = 'utf-8' | 'latin1' | 'either';

export type Form = Readonly<Record<string, string | readonly string[]>>;

/**
 * A form as browsers and RPs send it. Broken UTF-8, broken escapes and NUL are 400; a name that comes twice is an
 * array, which the schema then refuses; the result has no prototype, so `__proto__` is a name like any other.
 */
export function parseForm(body: Buffer, charset: Charset = 'utf-8'): Form {
  const form = Object.create(null) as Record<string, string | string[]>;
  for (const pair of ascii(body).split('&')) {
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at), charset);
    const value = at < 0 ? '' : decode(pair.slice(at + 1), charset);
    // Some RPs end their bodies in `&=`.
    if (name === '') continue;
    const before = form[name];
    form[name] = before === undefined ? value : [before, value].flat();
  }
  return form;
}

const ascii = (body: Buffer) => body.toString('latin1');

function decode(text: string, charset: Charset): string {
  // Most of what comes is plain.
  if (PLAIN.test(text)) return text;
  if (/%(?![0-9a-f]{2})/i.test(text)) throw createError(400);
  const bytes = Buffer.from(
    text
      .replaceAll('+', ' ')
      .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  const value = charset === 'latin1' ? bytes.toString('latin1') : (utf8(bytes) ?? fallback(bytes, charset));
  if (value === undefined || value.includes('\0')) throw createError(400);
  return value;
}

/** Means itself, in every charset. */
const PLAIN = /^[!-$&-*,-~]*$/;

const fallback = (bytes: Buffer, charset: Charset) => (charset === 'either' ? bytes.toString('latin1') : undefined);

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A JSON object of ours; anything else is 400. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw createError(400);
  }
}
