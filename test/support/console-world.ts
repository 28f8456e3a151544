import type { Run } from '../../src/domain/run.ts';
import type { Role, Staff, Target } from '../../src/domain/roles.ts';
import { staffBrowser } from './console.ts';
import { someAccount } from './memory/versions.ts';
import type { serve } from './serve.ts';

type App = Awaited<ReturnType<typeof serve>>;

/** Who tries, and all that can be tried on. */
export type World = { readonly app: App; readonly me: Person };
export type Person = { readonly accountId: string; readonly run: Run };

/** An object that a path can name; who is asked about it judges by `target`. */
export type Subject = {
  readonly name: string;
  readonly id: string;
  readonly target: Target;
  /** Whose case it is. */
  readonly run?: Run;
  /** It is there, but not for her: whatever else her role may, she hears that there is nothing. */
  readonly unseen?: true;
};

export type Deed = {
  /** The objects that a path can name, her own and others’. */
  readonly subjects?: (world: World) => Promise<readonly Subject[]>;
  /** What a form says that can be done; without, the page is only looked at. */
  readonly body?: (world: World, subject: Subject) => Promise<Readonly<Record<string, string>>>;
  /** Of a path without an object: what its form is about. */
  readonly target?: Target;
  /** Of a path with a page and a form: it concerns the form alone. */
  readonly formAlone?: true;
  /** The table in which what was typed is kept, though nothing is done. */
  readonly keeps?: string;
};

export const AGENCY = 'ips';
export const OFFICE = 'Ñuñoa';

/** An active person with a RUN of her own. */
export async function person({ app }: Pick<World, 'app'>): Promise<Person> {
  const account = someAccount();
  await app.parts.accounts.addAll([account]);
  return { accountId: account.id, run: account.person.run };
}
export async function colleague(world: World, agency: Staff['agency'] = AGENCY): Promise<string> {
  const { accountId } = await person(world);
  const now = world.app.parts.clock();
  await world.app.parts.staff.put(
    { accountId, roles: ['officer'], agency, office: OFFICE, state: 'active', createdAt: now },
    now,
  );
  return accountId;
}

/** Somebody of one role alone, signed in just now: of an agency, an institution, trained. */
export async function member(app: App, role: Role) {
  const account = someAccount();
  await app.parts.accounts.addAll([account]);
  const now = app.parts.clock();
  const { run } = account.person;
  const post = { agency: AGENCY, office: OFFICE, institution: 'muni', trainedAt: now } as const;
  const browser = await staffBrowser(app, run, { roles: [role], ...post });
  const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get('/')).text)?.[1] ?? '';
  return { ...browser, csrf, run, staff: (await app.parts.staff.byId(account.id))! };
}
export type Member = Awaited<ReturnType<typeof member>>;
