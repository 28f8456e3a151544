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

type SwitchName = 'registry-fault' | 'site-fault' | 'mail-fault';

/** Kept where all processes read it, the first of them until then; to choose again what is chosen begins nothing anew. */
function switched<T extends string>(
  settings: Parts['settings'],
  name: SwitchName,
  faults: readonly [T, ...T[]],
): Switchable<T> {
  const now = async () => {
    const [kept, since] = (await settings.read(name))?.split(' ') ?? [];
    return { fault: faults.find((fault) => fault === kept) ?? faults[0], since: Number(since ?? 0) };
  };
  const set = async (fault: T) => {
    if ((await now()).fault !== fault) await settings.write(name, `${fault} ${systemClock()}`);
  };
  return { now, set };
}
