import type { Live } from '../connect.ts';
import { reseal } from '../flows/master-keys.ts';
import { tendKeys } from '../flows/signing-keys.ts';
import { missed } from './missed.ts';

const MINUTE_MS = 60_000;
/** While a new list goes round the processes, one of them would seal anew what another has just sealed. */
const SETTLED_MS = 15 * MINUTE_MS;

type Tools = Pick<Live, 'parts' | 'masterKeys'>;

/** Looks after the keys every minute: what is due is done, by whichever process comes first. The answer stops it. */
export function startTending({ parts, masterKeys }: Tools): () => Promise<void> {
  const { clock, log, vault } = parts;
  let going = true;
  let resealing = Promise.resolve();
  let finished = false;

  const tend = async () => {
    const changes = await tendKeys(parts);
    if (changes.length > 0) log.info({ changes }, 'signing keys');
  };
  /** Once is enough: all that is written from now on is sealed by the first key. */
  const resealOnce = async () => {
    const since = (await masterKeys.since()) ?? clock();
    if (finished || vault.ids.length === 1 || clock() < since + SETTLED_MS) return;
    const { done, closed } = await reseal(masterKeys, async () => going);
    finished = going;
    if (done + closed > 0) log.info({ done, closed }, 'sealed anew');
  };
  const timer = setInterval(() => {
    tend().catch(missed(parts, 'signing keys'));
    resealing = resealing.then(resealOnce).catch(missed(parts, 'sealing anew'));
  }, MINUTE_MS);
  return async () => {
    going = false;
    clearInterval(timer);
    await resealing;
  };
}
