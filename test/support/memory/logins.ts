import { keysOfKnown, keysOfUnknown } from '../../../src/domain/throttle.ts';
import type { Parts } from '../../../src/parts.ts';
import type { Device } from '../../../src/stores/devices.ts';
import type { Login, Logins } from '../../../src/stores/logins.ts';
import { write, type Tables } from './tables.ts';

type Needs = Pick<Parts, 'accounts' | 'attempts' | 'devices' | 'transaction'> & { readonly tables: Tables };

const PEOPLE_A_DEVICE = 20;

/** What the single stores do, one after the other; devices are remembered here alone. */
export function memoryLogins({ accounts, attempts, devices, transaction, tables }: Needs): Logins {
  return {
    async attempt(run, from, now) {
      const known = await devices.knows(from.device, run);
      const spent = await attempts.spend(known ? keysOfKnown(run, from) : keysOfUnknown(run, from), now);
      return { known, spent, found: spent.kind === 'wait' ? undefined : await accounts.forLogin(run) };
    },
    async record({ run, at, event, device, fresh, forgiven }) {
      await transaction(async (tx) => {
        await tx.audit.add(event);
        if (!device) return;
        if (!(await tx.devices.knows(device.device, run))) {
          const brought = fresh();
          await tx.audit.add(brought.event);
          for (const letter of brought.letters) await tx.outbox.add(letter);
        }
        // Last: nothing takes it back.
        remember(tables, device, { run, at });
      });
      await attempts.forgive(forgiven, at);
    },
  };
}

function remember({ devices }: Tables, { device, name }: Device, { run, at }: Pick<Login, 'run' | 'at'>): void {
  const keyOf = (person: string) => JSON.stringify([device, person]);
  const firstAt = devices.get(keyOf(run))?.firstAt ?? at;
  write(devices, keyOf(run), { device, run, name, firstAt, lastAt: at });
  const people = [...devices.values()].filter((row) => row.device === device);
  for (const row of people.sort((a, b) => b.lastAt - a.lastAt).slice(PEOPLE_A_DEVICE))
    write(devices, keyOf(row.run), undefined);
}
