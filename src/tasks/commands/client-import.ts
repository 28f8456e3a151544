import { z } from 'zod';
import { AUTH_METHODS, PROFILES, type ClientState } from '../../domain/client.ts';
import { createClient } from '../../flows/create-client.ts';
import { undoable } from '../../flows/undoable.ts';
import type { Parts } from '../../parts.ts';
import { jsonOf, jwks } from './client-input.ts';
import { byOperator } from './operator.ts';
import { command, Failure } from './command.ts';

/** A site in the words of OpenID (RFC 7591), with the id and the secret that its software has already. */
const site = z.strictObject({
  client_id: z.string().regex(/^[\w.~-]{1,64}$/),
  client_secret: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/)
    .optional(),
  client_name: z.string().min(1).max(200),
  institution: z.string().min(1).max(200).optional(),
  profile: z.enum(PROFILES).default('claveunica'),
  redirect_uris: z.array(z.string()),
  post_logout_redirect_uris: z.array(z.string()).optional(),
  token_endpoint_auth_method: z.enum(AUTH_METHODS).optional(),
  scope: z.string().optional(),
  jwks: jwks.optional(),
  jwks_uri: z.string().optional(),
});
type Site = z.output<typeof site>;

type Taking = { readonly sites: readonly Site[]; readonly state: ClientState; readonly emulator: boolean };

/** All of them or none: what speaks against it, by site. */
async function takeOver(parts: Parts, { sites, state, emulator }: Taking, dry: boolean): Promise<readonly string[]> {
  const faults: string[] = [];
  await undoable<void>({ transaction: byOperator(parts, { state }) }, async (tx, undo) => {
    const within = { ...parts, transaction: <T>(work: (inner: typeof tx) => Promise<T>) => work(tx) };
    for (const one of sites) {
      const outcome = await createClient(within, wishOf(one, state), emulator);
      if (outcome.kind === 'refused') faults.push(...outcome.faults.map((fault) => `${one.client_id}: ${fault}`));
      // Nobody would ever see the one that was made up.
      else if (outcome.client.auth.startsWith('client_secret') && one.client_secret === undefined)
        faults.push(`${one.client_id}: its client_secret is needed`);
    }
    if (dry || faults.length > 0) undo();
  });
  return faults;
}

const wishOf = (one: Site, state: ClientState) => ({
  ...{ id: one.client_id, secret: one.client_secret, name: one.client_name, institution: one.institution, state },
  ...{ profile: one.profile, auth: one.token_endpoint_auth_method, scopes: one.scope?.split(/\s+/).filter(Boolean) },
  ...{ redirectUris: one.redirect_uris, postLogoutRedirectUris: one.post_logout_redirect_uris },
  ...{ jwks: one.jwks, jwksUri: one.jwks_uri },
});

/** `clave client import FILE` */
export const clientImport = command({
  name: 'client import',
  summary:
    'Takes over state websites with the client_id and the client_secret that they have today, from a JSON array in the words of OpenID: client_id, client_secret, client_name, redirect_uris, and if need be institution, profile (by default claveunica), post_logout_redirect_uris, token_endpoint_auth_method, scope, jwks, jwks_uri; all or none.',
  operands: ['FILE'],
  options: {
    certified: { meaning: 'usable in production at once; else they start there as drafts (recorded)' },
    'dry-run': { meaning: 'only tells what would be wrong' },
  },
  run: async (given, access) => {
    const [path] = given.operands;
    const sites = (await jsonOf(path, z.array(site).min(1))) ?? [];
    const dry = given.flag('dry-run');
    const { config, parts } = await access.ready();
    const state = given.flag('certified') ? 'certified' : config.emulator ? 'sandbox' : 'draft';
    const faults = await takeOver(parts, { sites, state, emulator: config.emulator }, dry);
    if (faults.length > 0) throw new Failure(faults.join('\n'));
    const clients = sites.map((one) => one.client_id);
    return {
      json: { imported: dry ? [] : clients, state, dry_run: dry },
      text: dry ? `${String(clients.length)} could be taken over` : `${String(clients.length)} taken over, ${state}`,
    };
  },
});
