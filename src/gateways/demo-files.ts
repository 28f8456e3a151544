import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AUTH_METHODS, PROFILES } from '../domain/client.ts';
import { StartFault } from '../domain/fault.ts';
import { parseRun } from '../domain/run.ts';
import { person, type DemoPerson } from './demo-files/person.ts';

export type { DemoPerson };

const client = z.strictObject({
  id: z.string(),
  secret: z.string(),
  name: z.string(),
  institution: z.string(),
  profile: z.enum(PROFILES),
  auth: z.enum(AUTH_METHODS),
  scopes: z.array(z.string()),
  redirectUris: z.array(z.url()).min(1),
  postLogoutRedirectUris: z.array(z.url()).default([]),
  homeUri: z.url().optional(),
  initiateLoginUri: z.url().optional(),
});

export type DemoClient = z.output<typeof client>;
/** A client in the words of OpenID, and which FAPI profile is enforced on it. */
const metadata = z.looseObject({ client_id: z.string().min(1), fapi_profile: z.enum(['1.0 Final', '2.0']).optional() });
export type FileClient = z.output<typeof metadata>;

/** Invented people and state websites, with their public secrets. Never in production. */
export type Demo = {
  /** Out of `PEOPLE_FILE`, or our own. */
  readonly people: readonly DemoPerson[];
  readonly clients: readonly DemoClient[];
  /** Out of `CLIENTS_FILE`. */
  readonly metadata: readonly FileClient[];
};

type Files = {
  readonly demoPort: number;
  readonly clientsFile?: string | undefined;
  readonly peopleFile?: string | undefined;
};

const CONFIG = new URL('../../config/', import.meta.url);

/** `demoPort` moves the demo sites' addresses from 3002 to where they listen. Throws when a file is not as it should be. */
export async function readDemo({ demoPort, clientsFile, peopleFile }: Files): Promise<Demo> {
  const moved = (text: string) => text.replaceAll('localhost:3002', `localhost:${String(demoPort || 3002)}`);
  return {
    people:
      peopleFile === undefined
        ? z.array(person).parse(JSON.parse(await read('demo-people.json')))
        : await readGiven(z.array(person), { variable: 'PEOPLE_FILE', path: peopleFile, more: sameRuns }),
    clients: z.array(client).parse(JSON.parse(moved(await read('demo-clients.json')))),
    metadata:
      clientsFile === undefined
        ? []
        : await readGiven(z.array(metadata), { variable: 'CLIENTS_FILE', path: clientsFile }),
  };
}

const read = (name: string) => readFile(new URL(name, CONFIG), 'utf8');

type Given = {
  readonly variable: string;
  readonly path: string;
  /** Faults that no single place has. */
  readonly more?: (found: unknown) => readonly string[];
};

/** Tells of a file that is wrong the variable, the path, and each fault with its place. */
async function readGiven<T>(schema: z.ZodType<T>, { variable, path, more = () => [] }: Given): Promise<T> {
  const place = `${variable}: ${resolve(path)}`;
  const found = await readFile(path, 'utf8')
    // Some editors write a mark before everything else.
    .then((text): unknown => JSON.parse(text.replace(/^\uFEFF/, '')))
    .catch((cause: unknown) => {
      throw new StartFault(`${place} cannot be read: ${cause instanceof Error ? cause.message : ''}`, { cause });
    });
  const parsed = schema.safeParse(found);
  const issues = parsed.error?.issues ?? [];
  const faults = [
    ...issues.map((issue) => `${z.core.toDotPath(issue.path) || 'all'}: ${issue.message}`),
    ...more(found),
  ];
  if (parsed.success && faults.length === 0) return parsed.data;
  const count = faults.length === 1 ? 'a fault' : `${String(faults.length)} faults`;
  throw new StartFault(`${place} has ${count}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}

const someone = z.object({ run: z.string().transform(parseRun) });

/** People of whom there are two. */
function sameRuns(found: unknown): readonly string[] {
  const first = new Map<string, number>();
  return (Array.isArray(found) ? found : []).flatMap((one: unknown, at) => {
    const run = someone.safeParse(one).data?.run;
    if (run === undefined) return [];
    const before = first.get(run);
    if (before !== undefined) return [`[${at}].run: is that of [${before}] as well`];
    first.set(run, at);
    return [];
  });
}
