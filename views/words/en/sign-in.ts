import type { Words } from '../es.ts';

export const frame: Words['frame'] = {
  service: 'ClaveÚnica',
  skip: 'Skip to the content',
  otherLanguage: 'Español',
  languages: 'Language',
  emulator: 'Emulator',
  emulatorNote: 'Test data',
  reminder: 'Nobody from the State will ask for your ClaveÚnica by phone, email or message.',
  home: 'Home',
  help: 'Help',
  footer: 'Site links',
  problem: 'Error',
  newWindow: 'opens in a new tab',
  offline: {
    title: 'There is no connection',
    text: 'Nothing was sent, and what you wrote is still here. Press the button again when the signal is back.',
  },
};

export const time: Words['time'] = {
  in: (seconds) =>
    seconds < 100
      ? `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
      : seconds < 5400
        ? `${Math.ceil(seconds / 60)} minutes`
        : `${Math.ceil(seconds / 3600)} hours`,
};

export const site: Words['site'] = {
  for: 'To enter',
  policy: 'Privacy policy',
  terms: 'Terms of use',
};

export const data: Words['data'] = {
  inSentence: {
    identifier: 'a code that identifies you on that site only',
    run: 'your RUN',
    name: 'your name',
    birthdate: 'your date of birth',
    email: 'your email address',
    phone: 'your phone number',
  },
  inList: {
    identifier: 'A code that identifies you on that site only',
    run: 'Your RUN',
    name: 'Your name',
    birthdate: 'Your date of birth',
    email: 'Your email address',
    phone: 'Your phone number',
  },
  willReceive: (items) => `When you sign in, this site will receive ${items}. Never your ClaveÚnica.`,
};

export const logIn: Words['logIn'] = {
  title: 'Sign in with ClaveÚnica',
  run: 'RUN',
  runHint: 'Example: 12.345.678-5',
  password: 'ClaveÚnica',
  show: 'Show',
  hide: 'Hide',
  shared: 'I am on a shared computer',
  submit: 'Sign in',
  sending: 'Signing in…',
  cancel: 'Cancel',
  forgot: 'Can’t sign in?',
  none: 'No ClaveÚnica yet?',
  get: 'Get one',
  or: 'or',
  activate: 'activate it with your code',
  problem: {
    'malformed-run': {
      title: 'Check your RUN',
      text: 'Write it in full, with the digit after the hyphen. For example: 12.345.678-5.',
      field: 'Something is missing, or a number is wrong.',
    },
    'missing-password': {
      title: 'Your ClaveÚnica is missing',
      text: 'Write your ClaveÚnica to sign in.',
      field: 'Write your ClaveÚnica.',
    },
    'wrong-credentials': {
      title: 'The RUN or the ClaveÚnica does not match',
      text: 'Check both and try again. Mind capital letters.',
      next: 'If you don’t remember it, see what you can do',
    },
    wait: {
      title: (time) => `Wait ${time} and try again`,
      text: 'There were several attempts in a row. We do this to protect your account.',
      next: 'What to do if you don’t remember it',
    },
    passkey: {
      title: 'That passkey did not work',
      text: 'You may have removed it from your account, or too much time has passed. Try again, or sign in with your RUN and ClaveÚnica.',
    },
    busy: {
      title: 'Many people are signing in',
      text: 'Nothing is wrong with your RUN or ClaveÚnica. Wait a few seconds and press “Sign in” again.',
    },
  },
  demo: {
    title: 'Demo people',
    text: 'Choose one to sign in with their data.',
    enter: 'Sign in as',
  },
};

export const mailCode: Words['mailCode'] = {
  title: 'Check your e-mail',
  text: 'For safety we ask for one more step. If your RUN and ClaveÚnica are right, we have sent a code to the e-mail that you confirmed.',
  field: 'Code',
  hint: 'Example: 7K2M-9QXT',
  submit: 'Continue',
  lasts: 'It lasts 10 minutes. Look in the spam folder too.',
  again: 'Enter my details again',
  noMail: 'I cannot open that e-mail',
  wrong: {
    title: 'The code does not work',
    text: 'It is mistyped, has expired or was used. You can try again, or enter your details again to get another one.',
    field: 'Check the code.',
  },
};

export const consent: Words['consent'] = {
  title: 'Share your data with this site?',
  receives: 'It would like to receive:',
  offline: 'It will also be able to look it up again when you are not signed in.',
  never: 'It will never receive your ClaveÚnica. If you say no, you go back to the site without signing in.',
  submit: 'Yes, share',
  cancel: 'Don’t share',
};

export const logOut: Words['logOut'] = {
  title: 'Do you want to sign out?',
  from: (name) => `You left ${name}. Your ClaveÚnica session is still open in this browser.`,
  text: 'Your ClaveÚnica session is open in this browser.',
  shared: 'If someone else uses this computer or phone, sign out.',
  yes: 'Yes, sign out',
  no: 'No, stay signed in',
  stillIn: 'Your session is still open',
  doneTitle: 'You are signed out',
  doneText: 'Nobody can use your ClaveÚnica in this browser without typing it.',
  doneShared: 'On a shared computer, close every window too.',
  home: 'Go to the home page',
};

export const continuing: Words['continuing'] = {
  return: {
    title: 'Almost there',
    text: (name) => `We are taking you to ${name}.`,
    textUnnamed: 'We are taking you back to the site.',
    on: 'Continue',
  },
  'log-out': {
    title: 'Signing you out',
    text: (name) => `Then you go back to ${name}.`,
    textUnnamed: 'It takes just a moment.',
    on: 'Continue',
  },
  switch: {
    title: 'A different person',
    text: (name) => `We are closing the earlier session and going on to ${name}.`,
    textUnnamed: 'We are closing the earlier session and going on with yours.',
    on: 'Continue',
  },
  wait: 'If nothing happens, press the button.',
};
