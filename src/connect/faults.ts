import type { Config } from '../config.ts';
import { MAIL_FAULTS, SITE_FAULTS } from '../domain/emulator-fault.ts';
import { REGISTRY_FAULTS } from '../domain/registry.ts';
import { systemClock } from '../gateways/clock.ts';
import type { Parts, Switchable } from '../parts.ts';

/** What can be made to fail here: no part that is somebody else's, and nothing in production. */
export const faultsOf = (
  { emulator, civilRegistryUrl, smtpUrl }: Config,
  settings: Parts['settings'],
): Pick<Parts, 'registryFault' | 'siteFault' | 'mailFault'> => ({
  registryFault:
    emulator && civilRegistryUrl === undefined ? switched(settings, 'registry-fault', REGISTRY_FAULTS) : undefined,
  siteFault: emulator ? switched(settings, 'site-fault', SITE_FAULTS) : undefined,
  mailFault: emulator && smtpUrl === undefined ? switched(settings, 'mail-fault', MAIL_FAULTS) : undefined,
});

/** Milliseconds: so soon other processes see it, and so rarely it is looked up. */
const SEEN_MS = 500;

type SwitchName = 'registry-fault' | 'site-fault' | 'mail-fault';

/** Kept where all processes read it, the first of them until then; to choose again what is chosen begins nothing anew. */
function switched<T extends string>(
  settings: Parts['settings'],
  name: SwitchName,
  faults: readonly [T, ...T[]],
): Switchable<T> {
  const read = async () => {
    const [kept, since] = (await settings.read(name))?.split(' ') ?? [];
    return { fault: faults.find((fault) => fault === kept) ?? faults[0], since: Number(since ?? 0) };
  };
  let seen: { readonly at: number; readonly what: ReturnType<typeof read> } | undefined;
  const now = () => {
    if (!seen || performance.now() >= seen.at + SEEN_MS) seen = { at: performance.now(), what: read() };
    return seen.what;
  };
  const set = async (fault: T) => {
    if ((await read()).fault !== fault) await settings.write(name, `${fault} ${systemClock()}`);
    seen = undefined;
  };
  return { now, set };
}
