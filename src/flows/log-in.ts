import { acr, mayLogIn, type Account } from '../domain/account.ts';
import { normalPassword } from '../domain/password.ts';
import { parseRun, type Run } from '../domain/run.ts';
import { keyFor } from '../domain/throttle.ts';
import type { Parts } from '../parts.ts';

export type LogIn =
  | {
      readonly kind: 'signed-in';
      readonly accountId: string;
      readonly acr: string;
      readonly amr: readonly string[];
      /** Seconds; never before a revocation, which would end the new session too. */
      readonly at: number;
    }
  | { readonly kind: 'refused'; readonly reason: 'malformed-run' | 'missing-password' | 'wrong-credentials' }
  | { readonly kind: 'wait'; readonly until: number };

type Needs = Pick<
  Parts,
  'accounts' | 'afterwards' | 'attempts' | 'audit' | 'devices' | 'hasher' | 'clock' | 'transaction'
>;
export type LogInForm = {
  readonly run: string;
  readonly password: string;
  readonly shared: boolean;
  readonly device: string;
  readonly deviceName: string;
  readonly network: string;
  readonly clientId: string;
  /** The institution's name. */
  readonly site: string;
  readonly requestId: string;
};

/** One path for everyone: known and unknown RUNs make the same calls in the same order up to the verdict. */
export async function logIn(parts: Needs, form: LogInForm): Promise<LogIn> {
  const run = parseRun(form.run);
  if (!run) return { kind: 'refused', reason: 'malformed-run' };
  if (form.password === '') return { kind: 'refused', reason: 'missing-password' };
  const password = normalPassword(form.password);
  if (password === undefined) return { kind: 'refused', reason: 'wrong-credentials' };

  const now = parts.clock();
  const trail = { at: now, clientId: form.clientId, requestId: form.requestId, network: form.network };
  const known = await parts.devices.knows(form.device, run);
  const keys = [keyFor(run, { ...form, known })];
  const spent = await parts.attempts.spend(keys, now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'login-throttled', ...trail });
    return spent;
  }

  const found = await parts.accounts.forLogin(run);
  const right = await parts.hasher.verify(found?.secret, password);
  if (!right || !found?.secret || !mayLogIn(found.account)) {
    await parts.audit.add({ kind: 'login-refused', ...trail, accountId: found?.account.id });
    return { kind: 'refused', reason: 'wrong-credentials' };
  }

  const { account, secret } = found;
  await parts.attempts.forgive(keys);
  await record(parts, { account, run, form, at: now });
  if (parts.hasher.isStale(secret))
    parts.afterwards(async () => {
      const fresh = await parts.hasher.hash(password, 'idle');
      await parts.accounts.replaceSecret(account.id, secret, fresh);
    });
  return {
    kind: 'signed-in',
    accountId: account.id,
    acr: acr(account.identified, '1f'),
    amr: ['pwd'],
    at: Math.max(Math.floor(now / 1000), account.revokedUntil),
  };
}

type Login = { readonly account: Account; readonly run: Run; readonly form: LogInForm; readonly at: number };

/** The record, the device and the letter about a new one come together or not at all. A shared computer is nobody's device. */
async function record(parts: Needs, { account, run, form, at }: Login): Promise<void> {
  const { clientId, requestId, network, shared } = form;
  const trail = { at, accountId: account.id, clientId, requestId, network };
  await parts.transaction(async (tx) => {
    await tx.audit.add({ kind: 'login-succeeded', ...trail, details: { amr: 'pwd', shared } });
    const fresh = !shared && (await tx.devices.remember(form.device, run, at));
    if (!fresh) return;
    await tx.audit.add({ kind: 'new-device', ...trail });
    await tx.outbox.add({ letter: 'new-device', accountId: account.id, at, device: form.deviceName, site: form.site });
  });
}
