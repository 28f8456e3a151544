import { createHmac, timingSafeEqual } from 'node:crypto';
import createError from 'http-errors';
import { z, type ZodRawShape } from 'zod';

const schemaOf = <Shape extends ZodRawShape>(shape: Shape) =>
  z.strictObject({ csrf: z.string().max(64).optional(), ...shape });
/** By shape: making a schema, and using it for the first time, costs more than all the rest of reading a form. */
const schemas = new WeakMap<ZodRawShape, unknown>();

/**
 * Exactly these fields, each once: a duplicate arrives as an array and is refused, like an unknown one. A shape that is
 * the same object every time is prepared once.
 */
export function readForm<Shape extends ZodRawShape>(body: unknown, shape: Shape) {
  const known = schemas.get(shape) as ReturnType<typeof schemaOf<Shape>> | undefined;
  const schema = known ?? schemaOf(shape);
  if (!known) schemas.set(shape, schema);
  const form = schema.safeParse({ ...(body as object) });
  if (!form.success) throw createError(400);
  return form.data;
}

const withToken = z.looseObject({ csrf: z.string() });

/** Bound to one interaction, or to one page of ours: the token of another is worth nothing here. */
export const csrfToken = (key: string, what: string): string =>
  createHmac('sha256', key).update(what).digest('base64url');

/** Tokens of each key in use are good: so the keys rotate. */
export function checkCsrf(keys: readonly string[], what: string, body: unknown): void {
  const form = withToken.safeParse({ ...(body as object) });
  if (!form.success) throw createError(400);
  const given = Buffer.from(form.data.csrf);
  const good = keys.some((key) => {
    const expected = Buffer.from(csrfToken(key, what));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  if (!good) throw createError(403);
}
