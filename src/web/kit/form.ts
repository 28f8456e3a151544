import { createHmac, timingSafeEqual } from 'node:crypto';
import createError from 'http-errors';
import { z, type ZodRawShape } from 'zod';

/** Exactly these fields, each once: a duplicate arrives as an array and is refused, like an unknown one. */
export function readForm<Shape extends ZodRawShape>(body: unknown, shape: Shape) {
  const form = z.strictObject({ csrf: z.string().max(64).optional(), ...shape }).safeParse({ ...(body as object) });
  if (!form.success) throw createError(400);
  return form.data;
}

/** Bound to one interaction, or to one page of ours: the token of another is worth nothing here. */
export const csrfToken = (key: string, what: string): string =>
  createHmac('sha256', key).update(what).digest('base64url');

/** Tokens of each key in use are good: so the keys rotate. */
export function checkCsrf(keys: readonly string[], what: string, body: unknown): void {
  const form = z.looseObject({ csrf: z.string() }).safeParse({ ...(body as object) });
  if (!form.success) throw createError(400);
  const given = Buffer.from(form.data.csrf);
  const good = keys.some((key) => {
    const expected = Buffer.from(csrfToken(key, what));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  if (!good) throw createError(403);
}
