import { appendFile, mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const anchor = z.object({ block: z.int(), to: z.string(), at: z.number(), hash: z.string(), signature: z.string() });
type Anchor = z.output<typeof anchor>;

/** Heads of the audit chain, kept outside of the database: where who can change it can't. */
export interface Anchors {
  add(anchor: Anchor): Promise<void>;
  /** Those of the blocks from the first to the last of these. */
  of(first: number, last: number): Promise<readonly Anchor[]>;
  /** Of the newest: its block; 0 when there is none. */
  newest(): Promise<number>;
  /** The chain begins anew, as nothing is left of it: the emulator's alone. */
  forget(): Promise<void>;
}

/** Bytes that are read at a time; a line has some two hundred. */
const PIECE = 4096;
/** Machines that write to one file may come one after the other a little late. */
const APART = 100;

/**
 * A file to which lines are only added; it belongs on a disk that the database's keepers can't write. In some months it
 * has more lines than a process can hold: what is wanted of it is looked for, as its blocks stand in their order.
 */
export function fileAnchors(path: string): Anchors {
  return {
    async add(one) {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, `${JSON.stringify(one)}\n`, { mode: 0o640 });
    },
    of: (first, last) =>
      opened(path, [], async (file, size) => {
        const found: Anchor[] = [];
        for await (const one of linesFrom(file, await placeOf(first - APART, { file, size }))) {
          if (one.block > last + APART) break;
          if (one.block >= first && one.block <= last) found.push(one);
        }
        return found;
      }),
    newest: () =>
      opened(path, 0, async (file, size) => {
        let newest = 0;
        for await (const { block } of linesFrom(file, Math.max(0, size - 2 * PIECE))) newest = Math.max(newest, block);
        return newest;
      }),
    forget: () => rm(path, { force: true }),
  };
}

async function opened<T>(path: string, none: T, look: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const file = await open(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return none;
  try {
    return await look(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** From where on the file has to be read for that block: halved again and again, until what is left is read at once. */
async function placeOf(
  block: number,
  { file, size }: { readonly file: FileHandle; readonly size: number },
): Promise<number> {
  let [from, to] = [0, size];
  while (to - from > PIECE) {
    const middle = Math.floor((from + to) / 2);
    const { value } = await linesFrom(file, middle).next();
    if (value === undefined || value.block >= block) to = middle;
    else from = middle;
  }
  return from;
}

/** What stands on whole lines from there on; what is in the middle of one begins with the next. */
async function* linesFrom(file: FileHandle, from: number): AsyncGenerator<Anchor, undefined> {
  let rest = '';
  let isWhole = from === 0;
  const piece = Buffer.alloc(PIECE);
  for (let at = from; ;) {
    const { bytesRead } = await file.read(piece, 0, PIECE, at);
    if (bytesRead === 0) return undefined;
    at += bytesRead;
    // Nothing but ASCII is written there.
    const lines = (rest + piece.toString('latin1', 0, bytesRead)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (isWhole && line !== '') yield anchor.parse(JSON.parse(line));
      isWhole = true;
    }
  }
}

/** Where no file is set, the log is the place outside: whoever keeps it can compare. */
export const loggedAnchors = (write: (one: Anchor) => void): Anchors => ({
  async add(one) {
    write(one);
  },
  of: async () => [],
  newest: async () => 0,
  forget: async () => undefined,
});
