import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Secret } from '../../src/domain/account.ts';
import type { Config } from '../../src/config.ts';
import type { Parts } from '../../src/parts.ts';

type Known = Partial<Record<string, Secret>>;

/**
 * Seeds with hashes that were made once in a run, with the same parameters and pepper: the same twenty people come into
 * each test's application, and each real hash takes as long as it should.
 */
export async function withHashesOfTheRun(
  parts: Parts,
  { argon2, masterKeys }: Pick<Config, 'argon2' | 'masterKeys'>,
  seed: (parts: Parts) => Promise<unknown>,
): Promise<void> {
  const made = createHash('sha256')
    .update(JSON.stringify([argon2, masterKeys.map(({ id, key }) => [id, key.toString('base64')])]))
    .digest('hex');
  const file = join(tmpdir(), `hashes-${made}.json`);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const known = JSON.parse(text ?? '{}') as Known;
  const times = new Map<string, number>();
  const { hasher } = parts;
  const hash: typeof hasher.hash = async (password, priority) => {
    const time = (times.get(password) ?? 0) + 1;
    times.set(password, time);
    // Two people with one password have two hashes.
    return (known[`${time} ${password}`] ??= await hasher.hash(password, priority));
  };
  await seed({ ...parts, hasher: { ...hasher, hash } });
  if (text !== undefined) return;
  const draft = `${file}-${randomUUID()}`;
  await writeFile(draft, JSON.stringify(known), { mode: 0o600 });
  await rename(draft, file);
}
