import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FEATURES, type Feature } from '../../domain/client.ts';
import { Failure, WrongUsage } from './command.ts';

/** Public keys, as a file holds them. */
export const jwks = z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) });
/** Metadata in the words of OpenID. */
export const metadata = z.record(z.string(), z.unknown());

export async function bytesOf(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  return readFile(path).catch(() => {
    throw new Failure(`${path} cannot be read`);
  });
}

/** What a file holds, in that shape. */
export async function jsonOf<T>(path: string | undefined, shape: z.ZodType<T>): Promise<T | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Failure(`${path} cannot be read`);
  });
  try {
    return shape.parse(JSON.parse(text));
  } catch {
    throw new Failure(`${path} is not what was asked for`);
  }
}

/** Several in one value, or one in each. */
export const featuresOf = (given: readonly string[]): readonly Feature[] =>
  given.flatMap((text) => text.split(/[\s,]+/).filter(Boolean)).map(featureOf);

function featureOf(text: string): Feature {
  const feature = FEATURES.find((name) => name === text);
  if (!feature) throw new WrongUsage(`--feature is one of ${FEATURES.join(', ')}, not ${text}`);
  return feature;
}
