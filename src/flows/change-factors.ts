import { fullName, mayAddFactor } from '../domain/account.ts';
import { codeFrom } from '../domain/code.ts';
import {
  amrOf,
  strengthOf,
  type Method,
  CHALLENGE_LIFE,
  MOST_PASSKEYS,
  nameOfPasskey,
  parseTotp,
  SAVED_CODE,
  TOTP,
  type Factor,
} from '../domain/factor.ts';
import { writtenRun } from '../domain/run.ts';
import type { Options } from '../gateways/passkeys.ts';
import type { Parts, Tx } from '../parts.ts';
import type { Which } from '../stores/factors.ts';
import type { Asker } from './log-in.ts';
import { tell } from './notice.ts';
import type { FactorAsker, FactorProved } from './second-factor.ts';

type Needs = Pick<
  Parts,
  'accounts' | 'chance' | 'clock' | 'factors' | 'oneTimeCodes' | 'passkeys' | 'transaction' | 'vault'
>;
/** Who changes her factors, from where; `site` and `deviceName` stand in the notice. */
export type Changer = { readonly accountId: string; readonly asker: FactorAsker & Pick<Asker, 'deviceName' | 'site'> };

export type FactorAdded =
  | ({ readonly kind: 'added' } & Pick<FactorProved, 'method' | 'strength' | 'amr'>)
  /** A wrong code, or a passkey that does not prove itself. */
  | { readonly kind: 'refused' }
  /** Asked for too long ago, elsewhere, or answered before. */
  | { readonly kind: 'over' }
  /** It is there already, or there are as many as anybody needs. */
  | { readonly kind: 'taken' }
  /** She recovered her account by e-mail a short while ago, and has no other factor. */
  | { readonly kind: 'recovered' };

export type TotpOffer = {
  /** Base 32, for typing. */
  readonly secret: string;
  /** SVG for a camera. */
  readonly picture: string;
  /** For an application on the same device. */
  readonly address: string;
  /** The secret sealed for this person and a while: it comes back with the form. */
  readonly offer: string;
};

/** Whether a factor may be added now. */
export async function mayAdd(
  { accounts, clock, factors }: Pick<Needs, 'accounts' | 'clock' | 'factors'>,
  accountId: string,
): Promise<boolean> {
  const [account, own] = await Promise.all([accounts.byId(accountId), factors.of(accountId)]);
  return account !== undefined && mayAddFactor(account, { has: own.length > 0, now: clock() });
}

/** Whoever sets one up shows at once that she has it. */
const proof = (method: Method, synced?: boolean) => ({
  method,
  strength: strengthOf(method),
  amr: amrOf(method, synced),
});

const offerPlace = (accountId: string) => `forms.totp-offer.${accountId}`;

/** A new secret, no factor until a code of it has come back; one that was offered before is shown again while it lasts. */
export async function offerTotp(parts: Needs, accountId: string, again?: string): Promise<TotpOffer | undefined> {
  const { chance, clock, oneTimeCodes, vault } = parts;
  const account = await parts.accounts.byId(accountId);
  if (!account) return undefined;
  const before = again === undefined ? undefined : openOffer(parts, accountId, again);
  const secret = before ?? (await oneTimeCodes.secretOf(chance(TOTP.bytes)));
  const sealed = vault.seal(JSON.stringify({ secret, until: clock() + CHALLENGE_LIFE }), offerPlace(accountId));
  const address = await oneTimeCodes.address(secret, writtenRun(account.person.run));
  const offer = before === undefined ? sealed.toString('base64url') : (again ?? '');
  return { secret, address, offer, picture: await oneTimeCodes.picture(address) };
}

function openOffer({ vault, clock }: Pick<Needs, 'vault' | 'clock'>, accountId: string, offer: string) {
  try {
    const plain = vault.open(Buffer.from(offer, 'base64url'), offerPlace(accountId));
    const { secret, until } = JSON.parse(plain) as { secret: string; until: number };
    return until > clock() ? secret : undefined;
  } catch {
    // Somebody else's, or no offer of ours.
    return undefined;
  }
}

/** The application is set up once a code of it was typed: so nobody locks herself out by a picture that did not arrive. */
export async function addTotp(
  parts: Needs,
  changer: Changer,
  { offer, typed }: { readonly offer: string; readonly typed: string },
): Promise<FactorAdded> {
  const { accountId } = changer;
  const at = parts.clock();
  if (!(await mayAdd(parts, accountId))) return { kind: 'recovered' };
  const secret = openOffer(parts, accountId, offer);
  if (secret === undefined) return { kind: 'over' };
  const code = parseTotp(typed);
  const step = code === undefined ? undefined : await parts.oneTimeCodes.stepOf(secret, code, at);
  if (step === undefined) return { kind: 'refused' };
  return parts.transaction(async (tx) => {
    if (!(await tx.factors.addTotp({ accountId, secret, step, at }))) return { kind: 'taken' };
    await record(tx, parts, { kind: 'factor-added', changer, method: 'totp', at });
    return { kind: 'added', ...proof('totp') };
  });
}

/** For `navigator.credentials.create`; on a device that has one of hers already it makes no second one. */
export async function offerPasskey(parts: Needs, accountId: string, place: string): Promise<Options | undefined> {
  const account = await parts.accounts.byId(accountId);
  if (!account) return undefined;
  const own = (await parts.factors.of(accountId)).filter((factor) => factor.kind === 'passkey');
  return parts.passkeys.creationOptions({
    challenge: parts.passkeys.challenge(place, parts.clock() + CHALLENGE_LIFE),
    handle: await handleOf(parts, accountId),
    name: writtenRun(account.person.run),
    displayName: fullName(account.person),
    exclude: own,
  });
}

/** Tells nothing of whose it is; the same for all of her passkeys, so that devices keep them together. */
const handleOf = async ({ factors, vault }: Pick<Needs, 'factors' | 'vault'>, accountId: string) =>
  (await factors.handleOf(accountId)) ?? vault.indexes(accountId, 'passkeys.handle')[0].toString('base64url');

export async function addPasskey(
  parts: Needs,
  changer: Changer,
  { creation: json, place, name }: { readonly creation: string; readonly place: string; readonly name: string },
): Promise<FactorAdded> {
  const { accountId, asker } = changer;
  const at = parts.clock();
  if (!(await mayAdd(parts, accountId))) return { kind: 'recovered' };
  const creation = parts.passkeys.readCreation(json);
  if (!creation) return { kind: 'refused' };
  const until = parts.passkeys.endOf(creation.challenge, place, at);
  if (until === undefined || !(await parts.factors.spend(creation.challenge, until))) return { kind: 'over' };
  const credential = await parts.passkeys.verifyNew(creation);
  if (!credential) return { kind: 'refused' };
  const own = (await parts.factors.of(accountId)).filter(({ kind }) => kind === 'passkey');
  if (own.length >= MOST_PASSKEYS) return { kind: 'taken' };
  const handle = await handleOf(parts, accountId);
  const about = { ...credential, accountId, handle, name: nameOfPasskey(name, asker.deviceName), at };
  return parts.transaction(async (tx) => {
    if (!(await tx.factors.addPasskey(about))) return { kind: 'taken' };
    await record(tx, parts, { kind: 'factor-added', changer, method: 'passkey', at });
    return { kind: 'added', ...proof('passkey', credential.synced) };
  });
}

/** Ten codes for a drawer, in place of those before; shown once. Undefined for who has nothing that they could stand in for. */
export async function makeSavedCodes(
  parts: Needs,
  changer: Changer,
  /** Beside a factor that was added a moment ago: one letter is enough. */
  { told = false }: { readonly told?: boolean } = {},
): Promise<readonly string[] | undefined> {
  const codes = newSavedCodes(parts);
  const done = await parts.transaction((tx) => keepSavedCodes(tx, parts, { changer, codes, told }));
  return done ? codes : undefined;
}

type Kept = { readonly changer: Changer; readonly codes: readonly string[]; readonly told?: boolean };

/** In force from now on, in place of all before. False for who has nothing that they could stand in for. */
export async function keepSavedCodes(tx: Tx, parts: Needs, { changer, codes, told }: Kept): Promise<boolean> {
  const { accountId } = changer;
  if (!(await tx.factors.of(accountId)).some(({ kind }) => kind !== 'saved-codes')) return false;
  const at = parts.clock();
  await tx.factors.setSavedCodes(accountId, codes, at);
  await record(tx, parts, { kind: 'saved-codes-made', changer, method: 'saved-code', at, ...(told && { told }) });
  return true;
}

/** One in the place of the one that was used. She has as many as before: no letter, but a record. */
export async function replaceSavedCode(parts: Needs, changer: Changer, code: string): Promise<void> {
  await parts.transaction(async (tx) => {
    const at = parts.clock();
    await tx.factors.addSavedCode(changer.accountId, code, at);
    await record(tx, parts, { kind: 'saved-codes-made', changer, method: 'saved-code', at, told: true });
  });
}

export const newSavedCodes = (parts: Pick<Parts, 'chance'>): readonly string[] =>
  Array.from({ length: SAVED_CODE.many }, () => newSavedCode(parts));

export const newSavedCode = ({ chance }: Pick<Parts, 'chance'>): string =>
  codeFrom(Buffer.from(chance(SAVED_CODE.length), 'base64url'), SAVED_CODE.length);

export async function renamePasskey(
  parts: Needs,
  changer: Changer,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<boolean> {
  return parts.transaction(async (tx) => {
    const named = nameOfPasskey(name, changer.asker.deviceName);
    const done = await tx.factors.renamePasskey(changer.accountId, id, named);
    if (done) await record(tx, parts, { kind: 'factor-renamed', changer, method: 'passkey', at: parts.clock() });
    return done;
  });
}

/** What is left afterwards; undefined when there was no such factor. */
export async function removeFactor(
  parts: Needs,
  changer: Changer,
  which: Which,
): Promise<readonly Factor[] | undefined> {
  return parts.transaction(async (tx) => {
    if (!(await tx.factors.remove(changer.accountId, which))) return undefined;
    const method = which.kind === 'saved-codes' ? 'saved-code' : which.kind;
    await record(tx, parts, { kind: 'factor-removed', changer, method, at: parts.clock() });
    return tx.factors.of(changer.accountId);
  });
}

type Change = {
  readonly kind: 'factor-added' | 'factor-removed' | 'factor-renamed' | 'saved-codes-made';
  readonly changer: Changer;
  readonly method: string;
  /** The moment that its owner is told is the factor's own: «No fui yo» holds what was added from then on. */
  readonly at: number;
  readonly told?: boolean;
};

/** In the transaction of the change: the record of it, and the letters to its owner. A new name is nobody's alarm. */
async function record(tx: Tx, parts: Needs, { kind, changer, method, at, told }: Change): Promise<void> {
  const { accountId, asker } = changer;
  const { clientId, requestId, network } = asker;
  await tx.audit.add({ kind, at, accountId, clientId, requestId, network, details: { method } });
  if (kind === 'factor-renamed' || told === true) return;
  const event = kind === 'factor-removed' ? kind : 'factor-added';
  await tell(tx, parts, { event, accountId, at, asker });
}
