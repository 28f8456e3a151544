import { isUsable, legacyTarget } from '../domain/client.ts';
import type { Parts } from '../parts.ts';

export type LegacyLogout =
  { readonly kind: 'to-site'; readonly to: string } | { readonly kind: 'stay'; readonly asked: string };

/** Whether today's logout call may lead where it says: to a site of the compatibility profile, and nowhere else. */
export async function legacyLogout(
  parts: Pick<Parts, 'clients'>,
  { redirect, emulator }: { readonly redirect: string; readonly emulator: boolean },
): Promise<LegacyLogout> {
  const target = legacyTarget(redirect, { emulator });
  if (!target) return { kind: 'stay', asked: redirect };
  const owners = await parts.clients.atOrigin('claveunica', target.origin);
  const known = owners.some((client) => isUsable(client, { emulator }));
  return known ? { kind: 'to-site', to: target.href } : { kind: 'stay', asked: redirect };
}
