import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { absent, type Home } from './home.ts';
import { explain, runOnce, type Runner } from './runner.ts';

/** Built aside and put in place by one rename: what is called `cluster` is complete, whenever we are killed. */
export async function createCluster(home: Home, use: { runner: Runner; sync: boolean }): Promise<void> {
  const { runner, sync } = use;
  const draft = await mkdtemp(join(home.dir, 'init-'));
  const passwordFile = join(draft, 'password');
  try {
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600, flush: true });
    const { uid, gid } = runner.options;
    if (uid !== undefined && gid !== undefined) for (const path of [draft, passwordFile]) await chown(path, uid, gid);
    // Both sort by code point and know the case of every letter; from 17 on that needs no locale of the system.
    const major = Number(/\d+/.exec(await runOnce(runner, 'postgres', ['-V']))?.[0]);
    const locale =
      major < 17 ? ['--locale=C.UTF-8'] : ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    await runOnce(runner, 'initdb', [
      `--pgdata=${join(draft, 'data')}`,
      ...['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', ...locale],
      ...(sync ? [] : ['--no-sync']),
    ]);
    await rename(draft, home.cluster);
  } catch (error) {
    // Another process was quicker: its cluster is as good as ours, and it may have swept our draft away.
    if (await stat(home.cluster).catch(absent)) return;
    throw new Error(explain(error instanceof Error ? error.message : String(error), home.dir), { cause: error });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Once the cluster exists every draft is waste; one that an orphaned `initdb` still writes goes the next time. */
export async function removeDrafts({ dir }: Home): Promise<void> {
  const drafts = (await readdir(dir)).filter((name) => name.startsWith('init-'));
  await Promise.allSettled(drafts.map((name) => rm(join(dir, name), { recursive: true, force: true })));
}
