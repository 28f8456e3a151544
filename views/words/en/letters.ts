import type { Words } from '../es.ts';

const minutes = (count: number) => (count === 1 ? '1 minute' : `${String(count)} minutes`);
const hours = (count: number) => (count === 1 ? '1 hour' : `${String(count)} hours`);

const common: Words['letters']['common'] = {
  hello: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
  site: 'Site',
  when: 'When',
  whenNote: 'Chilean time',
  device: 'Device',
  unknownDevice: 'not known',
  network: 'Connection',
  callToo: (phone) => `You can also call us at ${phone}.`,
  never: 'We will never ask you for your ClaveÚnica or for a code by e-mail, telephone or message.',
  why: 'We write to you because this e-mail is in your account. Do not reply to this message.',
};

const codes: Words['letters']['codes'] = {
  'sign-in': {
    subject: 'Your code to sign in with ClaveÚnica',
    code: (written) => `${written} is your code to sign in.`,
    intro: 'Enter it on the page where you are signing in.',
    notMine: (phone) =>
      `Give this code to nobody. Someone has entered your ClaveÚnica: call us at ${phone} to change it.`,
  },
  recovery: {
    subject: 'Your code to recover your ClaveÚnica',
    code: (written) => `${written} is your code to recover your ClaveÚnica.`,
    intro: 'Enter it on the page where you asked for it, in the same browser.',
    notMine: (phone) =>
      `Give this code to nobody: without it no one can change your ClaveÚnica. If you did not ask for it, tell us with the link or call us at ${phone}.`,
  },
  activation: {
    subject: 'Your code to activate your ClaveÚnica',
    code: (written) => `${written} is your activation code.`,
    intro:
      'Enter it with your RUN on the page to activate your ClaveÚnica. We will then send you another code to confirm your e-mail or telephone.',
    notMine: (phone) => `Give this code to nobody. If you did not ask for a ClaveÚnica, call us at ${phone}.`,
  },
  confirmation: {
    subject: 'Your code to confirm this e-mail',
    code: (written) => `${written} is your code to confirm this e-mail.`,
    intro: 'Enter it on the ClaveÚnica page where you asked for it.',
    notMine: (phone) =>
      `Then someone entered this e-mail by mistake. Do nothing and give the code to nobody. If it happens again, call us at ${phone}.`,
  },
  lastsMinutes: (count) => `It lasts ${minutes(count)} and works once.`,
  lastsHours: (count) => `It lasts ${hours(count)} and works once.`,
  notMineTitle: 'Was it not you?',
  activate: 'Activate my ClaveÚnica',
  whyUnconfirmed: 'We write to you because someone entered this e-mail in ClaveÚnica. Do not reply to this message.',
  sms: (written) => `${written} is your ClaveÚnica code. Give it to nobody.`,
};

const events: Words['letters']['notice']['events'] = {
  'new-device': {
    subject: 'Your ClaveÚnica was used on a new device',
    what: 'Someone signed in with your ClaveÚnica on a device that we had not seen before.',
  },
  activated: {
    subject: 'Your ClaveÚnica is active',
    what: 'You activated your ClaveÚnica. From now on you can use it on the websites of the State.',
  },
  'recovery-asked': {
    subject: 'Someone asked to recover your ClaveÚnica',
    what: 'Someone asked for a code to recover your ClaveÚnica.',
  },
  'recovery-sent': {
    subject: 'How to recover your ClaveÚnica',
    what: 'You asked for help to recover your ClaveÚnica. Open the link, type your RUN and we will send a code to this address.',
  },
  recovered: {
    subject: 'Your ClaveÚnica was recovered',
    what: 'Someone recovered your ClaveÚnica with a code sent to your e-mail and chose a new one. We closed all earlier sessions.',
  },
  'password-changed': {
    subject: 'Your ClaveÚnica was changed',
    what: 'Someone changed your ClaveÚnica from your account. We closed the other sessions.',
  },
  'contact-changed': {
    subject: 'Your contact data in ClaveÚnica were changed',
    what: 'Someone changed the e-mail or telephone of your account. You can undo it for 10 days.',
  },
  'factor-added': {
    subject: 'A second step was added to your ClaveÚnica',
    what: 'Someone added a second step to your account: a passkey, an app with codes, or backup codes.',
  },
  'factor-removed': {
    subject: 'A second step was removed from your ClaveÚnica',
    what: 'Someone removed a second step from your account.',
  },
  'session-ended': {
    subject: 'We closed a session of your ClaveÚnica',
    what: 'You had many open sessions, so we closed the oldest one.',
  },
  blocked: {
    subject: 'Your ClaveÚnica is blocked',
    what: 'Someone blocked your ClaveÚnica from your account. Nobody can sign in with it until you recover it.',
  },
  closed: {
    subject: 'Your ClaveÚnica account was closed',
    what: 'Someone closed your ClaveÚnica account. It can no longer be used to sign in.',
  },
  'code-reissued': {
    subject: 'Another code to activate your ClaveÚnica was issued',
    what: 'An office issued another code to activate your ClaveÚnica, because someone said that the first one was lost. The first one no longer works.',
  },
  'code-replaced': {
    subject: 'Another code was asked for on the page of your video call',
    what: 'On the device of your video call another code to activate your ClaveÚnica was asked for. The one before no longer works.',
  },
};

const notice: Words['letters']['notice'] = {
  events,
  change: { what: 'What changed', was: 'Before', now: 'Now', none: 'none' },
  mineTitle: 'Was it you?',
  mine: 'Then you don’t have to do anything.',
  notMineTitle: 'Was it not you?',
  notMine: 'Tell us now: we will close the sessions of ClaveÚnica and stop whatever is under way.',
  notMineLink: 'It was not me',
  recover: 'Recover my ClaveÚnica',
  recoverNote: 'Nobody of our team will ask you for that code.',
};

export const letters: Words['letters'] = { common, codes, notice };
