import { keysOfKnown, keysOfUnknown } from '../../../src/domain/throttle.ts';
import type { Parts } from '../../../src/parts.ts';
import type { Logins } from '../../../src/stores/logins.ts';

type Needs = Pick<Parts, 'accounts' | 'attempts' | 'devices' | 'transaction'>;

/** What the single stores do, one after the other. */
export function memoryLogins({ accounts, attempts, devices, transaction }: Needs): Logins {
  return {
    async attempt(run, from, now) {
      const known = await devices.knows(from.device, run);
      const spent = await attempts.spend(known ? keysOfKnown(run, from) : keysOfUnknown(run, from), now);
      return { known, spent, found: spent.kind === 'wait' ? undefined : await accounts.forLogin(run) };
    },
    async record({ run, at, event, device, fresh, forgiven }) {
      await transaction(async (tx) => {
        await tx.audit.add(event);
        if (!device || !(await tx.devices.remember(device, run, at))) return;
        const brought = fresh();
        await tx.audit.add(brought.event);
        for (const letter of brought.letters) await tx.outbox.add(letter);
      });
      await attempts.forgive(forgiven, at);
    },
  };
}
