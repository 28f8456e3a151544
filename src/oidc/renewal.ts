import type Provider from 'oidc-provider';
import { KEY_SPREAD, stampOf } from '../domain/signing-key.ts';
import type { Parts } from '../parts.ts';
import type { SigningKey } from '../stores/signing-keys.ts';

/** The provider of this moment. All its state is in the stores, so another may take its place at any time. */
export type Renewable = {
  readonly provider: () => Provider;
  /** Those that it publishes. */
  readonly keys: () => readonly SigningKey[];
  /** Looks whether the keys are others now; when the answer comes, the provider has them. */
  readonly refresh: () => Promise<void>;
  /** Does so whenever some process has changed them, until the answer is called. */
  readonly follow: () => Promise<() => Promise<void>>;
};

type Needs = Pick<Parts, 'log' | 'outages' | 'signingKeys'> & {
  readonly keys: readonly SigningKey[];
  /** Makes a provider with these keys, and puts it where requests come by. */
  readonly install: (keys: readonly SigningKey[]) => Provider;
};

/** Whatever is told may get lost: with a proxy of connections between, or while Postgres fails over. */
const LOOK_MS = (KEY_SPREAD * 2) / 5;

/** Swaps the provider when the keys change, without a restart: what is under way finishes with the one it began with. */
export function renewable({ keys: first, install, log, outages, signingKeys }: Needs): Renewable {
  const stampOfKeys = (keys: readonly SigningKey[]) => stampOf(keys.map(({ jwk, state }) => ({ kid: jwk.kid, state })));
  let keys = first;
  let provider = install(first);
  const look = async () => {
    if (stampOf(await signingKeys.list()) === stampOfKeys(keys)) return;
    keys = await signingKeys.published();
    provider = install(keys);
    log.info({ kids: keys.map(({ jwk }) => jwk.kid) }, 'other signing keys');
  };
  // One after the other: who asks while somebody looks may have been told of a later change.
  let looking = Promise.resolve();
  const refresh = () => {
    const turn = looking.then(look);
    looking = turn.catch(() => undefined);
    return turn;
  };
  const attempt = () => {
    // With a store that is away the keys of before go on: no login can come so far without it.
    refresh().catch((err: unknown) =>
      outages.met(err, { tell: () => log.warn({ err }, 'signing keys could not be read') }),
    );
  };
  return {
    provider: () => provider,
    keys: () => keys,
    refresh,
    async follow() {
      const stop = await signingKeys.follow(attempt).catch((err: unknown) => {
        log.warn({ err }, 'changes of keys are looked for, not told');
        return async () => undefined;
      });
      const timer = setInterval(attempt, LOOK_MS);
      return async () => {
        clearInterval(timer);
        await stop();
      };
    },
  };
}
