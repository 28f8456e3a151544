import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { IDENTIFIED, STATUSES } from '../domain/account.ts';
import { AUTH_METHODS, PROFILES } from '../domain/client.ts';
import { AGENCIES, ROLES } from '../domain/roles.ts';

const person = z.strictObject({
  run: z.string(),
  names: z.array(z.string()).min(1),
  surnames: z.array(z.string()).min(1),
  birthdate: z.iso.date().optional(),
  email: z.email().optional(),
  emailVerified: z.boolean().optional(),
  phone: z.e164().optional(),
  phoneVerified: z.boolean().optional(),
  /** False: known to the civil registry, without an account. */
  account: z.boolean().default(true),
  status: z.enum(STATUSES).default('active'),
  identified: z.enum(IDENTIFIED).default('presencial'),
  password: z.string().optional(),
  totp: z.string().optional(),
  /** The activation code that waits for somebody. */
  activation: z.string().optional(),
  documento: z.string().optional(),
  /** In the console. */
  staff: z
    .strictObject({
      roles: z.array(z.enum(ROLES)).min(1),
      agency: z.enum(AGENCIES).optional(),
      office: z.string().optional(),
      institution: z.string().optional(),
    })
    .optional(),
  note: z.string().default(''),
});

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

export type DemoPerson = z.output<typeof person>;
export type DemoClient = z.output<typeof client>;
/** A client in the words of OpenID, and which FAPI profile is enforced on it. */
const metadata = z.looseObject({ client_id: z.string().min(1), fapi_profile: z.enum(['1.0 Final', '2.0']).optional() });
export type FileClient = z.output<typeof metadata>;

/** Invented people and state websites, with their public secrets. Never in production. */
export type Demo = {
  readonly people: readonly DemoPerson[];
  readonly clients: readonly DemoClient[];
  /** Out of `CLIENTS_FILE`. */
  readonly metadata: readonly FileClient[];
};

type Files = { readonly demoPort: number; readonly clientsFile?: string | undefined };

const CONFIG = new URL('../../config/', import.meta.url);

/** `demoPort` moves the demo sites' addresses from 3002 to where they listen. Throws when a file is not as it should be. */
export async function readDemo({ demoPort, clientsFile }: Files): Promise<Demo> {
  const read = async (name: string) => readFile(new URL(name, CONFIG), 'utf8');
  const moved = (text: string) => text.replaceAll('localhost:3002', `localhost:${String(demoPort || 3002)}`);
  return {
    people: z.array(person).parse(JSON.parse(await read('demo-people.json'))),
    clients: z.array(client).parse(JSON.parse(moved(await read('demo-clients.json')))),
    metadata: clientsFile === undefined ? [] : await readMetadata(clientsFile),
  };
}

async function readMetadata(path: string): Promise<readonly FileClient[]> {
  try {
    return z.array(metadata).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const cause = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`CLIENTS_FILE: ${path} is no JSON array of client metadata: ${cause}`, { cause: error });
  }
}
