import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { activationClavePage } from '../pages/activation/clave.ts';
import { activationConfirmPage } from '../pages/activation/confirm.ts';
import { activationDonePage } from '../pages/activation/done.ts';
import { activationStartPage, type ActivationStart } from '../pages/activation/start.ts';
import { linePage } from '../pages/line.ts';
import { recoveryAskPage } from '../pages/recovery/ask.ts';
import { recoveryClavePage } from '../pages/recovery/clave.ts';
import { recoveryCodePage } from '../pages/recovery/code.ts';
import { recoveryDonePage } from '../pages/recovery/done.ts';
import { recoveryFactorPage } from '../pages/recovery/factor.ts';
import type { ClaveProblem } from '../parts/clave.ts';
import { words } from '../words.ts';
import { municipio } from './sites.ts';

const csrf = 'example';
const run = '12.345.678-5';
const clave = { csrf, minimum: 12, own: ['12345678-5'], run };
const begun: ActivationStart = { csrf, run: '', code: '', given: false, shared: false };
const typed = { run, code: '7K2M-9QXT-4B1C-8W' };
const mail = { csrf, channel: 'email', to: 'm•••@correo.cl' } as const;
const sms = { channel: 'sms', to: '+56 9 •••• 1111' } as const;
const paper = { csrf, channel: 'print', to: '' } as const;
const back = { href: '/', label: words('es').ways.backTo(municipio.name) };

const weak = Object.keys(words('es').clave.problem) as readonly ClaveProblem['reason'][];

/** The line, recovering, activating, getting: each page in each of its states. */
export const flows: Readonly<Record<string, (frame: Frame) => Page>> = {
  line: (frame) => linePage(frame, { wait: frame.words.line.wait(130), look: '30' }),
  recovery: (frame) => recoveryAskPage(frame, { csrf, run: '' }),
  'recovery-expired': (frame) => recoveryAskPage(frame, { csrf, run, expired: true }),
  'recovery-again': (frame) => recoveryAskPage(frame, { csrf, run: '', haveCode: true }),
  'recovery-malformed-run': (frame) =>
    recoveryAskPage(frame, { csrf, run: '12.345.67', problem: { kind: 'malformed-run' } }),
  'recovery-wait': (frame) => recoveryAskPage(frame, { csrf, run, problem: { kind: 'wait', seconds: 60 } }),
  'recovery-code': (frame) => recoveryCodePage(frame, { csrf, run }),
  'recovery-code-wrong': (frame) => recoveryCodePage(frame, { csrf, run, problem: { kind: 'refused' } }),
  'recovery-code-wait': (frame) => recoveryCodePage(frame, { csrf, run, problem: { kind: 'wait', seconds: 60 } }),
  'recovery-factor': (frame) =>
    recoveryFactorPage(frame, {
      ...{ action: '/emulador/paginas', csrf, kinds: ['passkey', 'totp', 'saved-codes'] },
      options: { challenge: 'ZXhhbXBsZQ' },
    }),
  'recovery-clave': (frame) => recoveryClavePage(frame, clave),
  'recovery-clave-fine': (frame) => recoveryClavePage(frame, { ...clave, fine: true }),
  ...Object.fromEntries(
    weak.map((reason): [string, (frame: Frame) => Page] => [
      `recovery-clave-${reason}`,
      (frame) => recoveryClavePage(frame, { ...clave, problem: { reason, minimum: 12 } }),
    ]),
  ),
  'recovery-done': (frame) => recoveryDonePage(frame, {}),
  'recovery-done-back': (frame) => recoveryDonePage(frame, { back }),
  activation: (frame) => activationStartPage(frame, begun),
  'activation-expired': (frame) => activationStartPage(frame, { ...begun, run, expired: true }),
  'activation-given': (frame) => activationStartPage(frame, { ...begun, code: typed.code, given: true }),
  'activation-malformed-run': (frame) =>
    activationStartPage(frame, { ...begun, ...typed, run: '12.345', problem: { kind: 'malformed-run' } }),
  'activation-refused': (frame) =>
    activationStartPage(frame, { ...begun, ...typed, shared: true, problem: { kind: 'refused' } }),
  'activation-wait': (frame) =>
    activationStartPage(frame, { ...begun, ...typed, problem: { kind: 'wait', seconds: 60 } }),
  'activation-confirm': (frame) => activationConfirmPage(frame, { ...mail, other: sms }),
  'activation-confirm-sms': (frame) => activationConfirmPage(frame, { csrf, ...sms, sent: true }),
  'activation-confirm-wrong': (frame) => activationConfirmPage(frame, { ...mail, problem: { kind: 'refused' } }),
  'activation-confirm-wait': (frame) =>
    activationConfirmPage(frame, { ...mail, problem: { kind: 'wait', seconds: 60 } }),
  'activation-confirm-paper': (frame) => activationConfirmPage(frame, paper),
  'activation-confirm-paper-wrong': (frame) => activationConfirmPage(frame, { ...paper, problem: { kind: 'refused' } }),
  'activation-clave': (frame) => activationClavePage(frame, { ...clave, name: 'Ana Luisa Rojas Fuentes' }),
  'activation-done': (frame) => activationDonePage(frame, { shared: false }),
  'activation-done-mailless': (frame) => activationDonePage(frame, { shared: false, mailless: true }),
  'activation-done-shared': (frame) => activationDonePage(frame, { shared: true, back }),
};
