import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const anchor = z.object({ block: z.int(), to: z.string(), at: z.number(), hash: z.string(), signature: z.string() });
type Anchor = z.output<typeof anchor>;

/** Heads of the audit chain, kept outside of the database: where who can change it can't. */
export interface Anchors {
  add(anchor: Anchor): Promise<void>;
  all(): Promise<readonly Anchor[]>;
}

/** A file to which lines are only added; it belongs on a disk that the database's keepers can't write. */
export function fileAnchors(path: string): Anchors {
  return {
    async add(one) {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${JSON.stringify(one)}\n`, { mode: 0o640 });
    },
    async all() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
        throw error;
      });
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => anchor.parse(JSON.parse(line)));
    },
  };
}

/** Where no file is set, the log is the place outside: whoever keeps it can compare. */
export const loggedAnchors = (write: (one: Anchor) => void): Anchors => ({
  async add(one) {
    write(one);
  },
  all: async () => [],
});
