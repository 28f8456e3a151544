import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import {
  accountCodesPage,
  addPasskeyPage,
  addTotpPage,
  factorsPage,
  removeFactorPage,
  renamePasskeyPage,
} from '../pages/account/factors.ts';
import { codesPage } from '../pages/factors/codes.ts';
import { secondFactorPage, type SecondFactor } from '../pages/factors/second-factor.ts';
import { setUpPage, type SetUp } from '../pages/factors/set-up.ts';
import type { TotpSetUp } from '../parts/set-up.ts';
import { municipio } from './sites.ts';

type Show = (frame: Frame) => Page;

const action = '/emulador/paginas';
const form = { action, csrf: 'example' };
const options = { challenge: 'ZXhhbXBsZQ' };
const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
/** Squares in the place of a picture. */
const SQUARES = Array.from({ length: 625 }, (_, at) => at)
  .filter((at) => (at * at * 7 + at * 3) % 5 < 2)
  .map((at) => `M${2 + (at % 25)} ${2 + Math.floor(at / 25)}h1v1h-1z`)
  .join('');

export const totpExample: TotpSetUp = {
  ...form,
  secret: SECRET,
  picture: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><path fill="#fff" d="M0 0h29v29H0z"/><path d="${SQUARES}"/></svg>`,
  address: `otpauth://totp/example?secret=${SECRET}`,
  offer: 'example',
};
export const CODES = Array.from({ length: 10 }, (_, at) => `7K2M-9QXT-4B1C-8WZ${String(at)}`);

const asked: SecondFactor = { ...form, rp: municipio, why: 'sign-in', kinds: ['totp'], options };
const second: Readonly<Record<string, Partial<SecondFactor>>> = {
  'second-factor': {},
  'second-factor-all': { kinds: ['passkey', 'totp', 'saved-codes'] },
  'second-factor-passkey': { kinds: ['passkey'], why: 'more' },
  'second-factor-passkey-codes': { kinds: ['passkey', 'saved-codes'] },
  'second-factor-refused': { kinds: ['totp', 'saved-codes'], problem: { kind: 'refused' } },
  'second-factor-not-enough': { kinds: ['passkey'], why: 'more', problem: { kind: 'not-enough' } },
  'second-factor-wait': { problem: { kind: 'wait', seconds: 240 } },
  'second-factor-demo': { demoCode: '123456' },
};
const fresh: SetUp = { ...form, rp: municipio, options, totp: totpExample };
const setUps: Readonly<Record<string, Partial<SetUp>>> = {
  'set-up-factor': {},
  'set-up-factor-wrong': { totp: { ...totpExample, wrong: true } },
  'set-up-factor-passkey': { totp: undefined },
  'set-up-factor-refused': { totp: undefined, problem: 'refused' },
  'set-up-factor-over': { problem: 'over' },
  'set-up-factor-taken': { problem: 'taken' },
};

const shell = { csrf: 'example', shared: false, now: Date.UTC(2026, 4, 15, 18, 3) };
const at = (days: number) => shell.now - days * 86_400_000;
const phone = { id: 'a', name: 'Mi teléfono', synced: true, createdAt: at(200), usedAt: at(1) };
const computer = { id: 'b', name: 'Chrome, Windows', synced: false, createdAt: at(20), usedAt: undefined };
const account: Readonly<Record<string, Show>> = {
  'account-factors': (frame) =>
    factorsPage(frame, { shell, told: true, passkeys: [], totp: undefined, codes: undefined }),
  'account-factors-some': (frame) =>
    factorsPage(frame, {
      ...{ shell, told: true, passkeys: [phone, computer], codes: 7, done: 'added' },
      totp: { createdAt: at(90), usedAt: at(0) },
    }),
  'account-add-passkey': (frame) => addPasskeyPage(frame, { shell, name: 'Chrome, Android', options }),
  'account-add-passkey-problem': (frame) =>
    addPasskeyPage(frame, { shell, name: 'Chrome, Android', options, problem: 'taken' }),
  'account-add-totp': (frame) => addTotpPage(frame, { shell, totp: totpExample }),
  'account-add-totp-wrong': (frame) => addTotpPage(frame, { shell, totp: { ...totpExample, wrong: true } }),
  'account-add-recovered': (frame) => addTotpPage(frame, { shell, totp: undefined, problem: 'recovered' }),
  'account-codes-before': (frame) => accountCodesPage(frame, { shell, left: 3 }),
  'account-codes': (frame) => accountCodesPage(frame, { shell, left: 10, codes: CODES }),
  'account-rename': (frame) => renamePasskeyPage(frame, { shell, id: 'a', name: 'Mi teléfono' }),
  'account-remove': (frame) =>
    removeFactorPage(frame, { shell, id: 'a', name: 'Mi teléfono', kind: 'passkey', last: false }),
  'account-remove-last': (frame) => removeFactorPage(frame, { shell, id: 'aplicacion', kind: 'totp', last: true }),
};

/** Second factors, for the catalogue. */
export const factorExamples: Readonly<Record<string, Show>> = {
  ...Object.fromEntries(
    Object.entries(second).map(([name, state]): [string, Show] => [
      name,
      (frame) => secondFactorPage(frame, { ...asked, ...state }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(setUps).map(([name, state]): [string, Show] => [
      name,
      (frame) => setUpPage(frame, { ...fresh, ...state }),
    ]),
  ),
  ...account,
  'codes-fresh': (frame) => codesPage(frame, { ...form, kind: 'fresh', codes: CODES }),
  'codes-used': (frame) => codesPage(frame, { ...form, kind: 'used', left: 9, code: CODES[0] ?? '' }),
  'codes-few': (frame) => codesPage(frame, { ...form, kind: 'again', left: 3, codes: CODES }),
  'codes-recovered': (frame) => codesPage(frame, { ...form, kind: 'again', recovered: true, left: 9, codes: CODES }),
  'codes-recovered-last': (frame) =>
    codesPage(frame, { ...form, kind: 'again', recovered: true, left: 0, codes: CODES }),
};
