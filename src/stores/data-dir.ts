import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MasterKey } from '../config.ts';

/** The emulator's own master key, made once: its signing keys must survive a restart, or RPs' caches break. */
export async function emulatorKeys(dataDir: string): Promise<readonly MasterKey[]> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'master-key');
  const fresh = randomBytes(32).toString('base64url');
  // Of two processes starting at once one writes, both read the same.
  await writeFile(file, fresh, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'base64url');
  if (key.length !== 32)
    throw new Error(`${file} does not hold a key of 32 bytes; start with --reset after removing it`);
  return [{ id: 'emulator', key }];
}
