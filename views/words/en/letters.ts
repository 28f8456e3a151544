import type { Words } from '../es.ts';

export const signInCode: Words['letters']['signInCode'] = {
  subject: 'Your code to sign in with ClaveÚnica',
  code: (code) => `${code} is your code to sign in.`,
  hello: (name) => `Hello ${name},`,
  intro: 'Enter it on the page where you are signing in. It lasts 10 minutes and works once.',
  site: 'Site',
  when: 'When',
  whenNote: 'Chilean time',
  device: 'Device',
  notMineTitle: 'Is it not you?',
  notMine: (phone) =>
    `Give this code to nobody. Someone has entered your ClaveÚnica: call us at ${phone} to change it.`,
  never: 'We will never ask you for your ClaveÚnica or for this code by e-mail, telephone or message.',
  why: 'We write to you because this e-mail is in your account. Do not reply to this message.',
};

export const newDevice: Words['letters']['newDevice'] = {
  subject: 'Your ClaveÚnica was used on a new device',
  hello: (name) => `Hello ${name},`,
  intro: 'Someone signed in with your ClaveÚnica on a device that we had not seen before.',
  site: 'Site',
  when: 'When',
  whenNote: 'Chilean time',
  device: 'Device',
  mineTitle: 'Was it you?',
  mine: 'Then you don’t have to do anything.',
  notMineTitle: 'Was it not you?',
  notMine: 'Someone may know your ClaveÚnica. Tell us now: we will close the open sessions.',
  notMineLink: 'It was not me',
  notMineCall: (phone) => `Someone may know your ClaveÚnica. Call us now at ${phone}.`,
  callToo: (phone) => `You can also call us at ${phone}.`,
  never: 'We will never ask for your ClaveÚnica by email, phone or message.',
  why: 'You get this because this address is in your account. Please do not reply.',
};
