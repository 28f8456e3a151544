import type { Words } from '../es.ts';

export const activation: Words['activation'] = {
  start: {
    title: 'Activate your ClaveÚnica',
    text: 'Use the code you were given at the office or in the video call. It works once.',
    given: 'The code of your link is filled in. Your RUN is missing.',
    code: 'Activation code',
    hint: 'Example: 7K2M-9QXT-4B1C-8W',
    shared: 'This computer or phone is not mine',
    submit: 'Continue',
    sending: 'Checking…',
    noCode: 'I have no code',
    refused: {
      title: 'The code does not work',
      text: 'It is mistyped, it has expired, it was used, or it is not for that RUN. If you have just used it in another browser, wait a minute.',
      next: 'How to get another',
      field: 'Check the code.',
    },
  },
  confirm: {
    title: { email: 'Confirm your e-mail', sms: 'Confirm your phone', print: 'Type the second code' },
    text: {
      email: (to) => `We sent another code to ${to}. So nobody else can activate your account.`,
      sms: (to) => `We sent another code by text message to ${to}. So nobody else can activate your account.`,
      print: (_to) =>
        'It is on the second paper, which another person of the office gave you. So nobody else can activate your account.',
    },
    lasts: {
      email: 'It lasts 24 hours. Look in the spam folder too. You can close this page and come back.',
      sms: 'It lasts 10 minutes. You can close this page and come back.',
      print:
        'It lasts 24 hours from when it was printed. Did you not get the second paper? Go back to the same office with your identity card and ask for it.',
    },
    submit: 'Continue',
    again: 'Send another code',
    other: {
      email: (to) => `Send it to ${to}`,
      sms: (to) => `Send it by text message to ${to}`,
    },
    notMine: 'That e-mail or phone is not mine',
    sent: 'We sent another code. The one before no longer works.',
    wrong: {
      title: 'The code does not work',
      text: 'It is mistyped, it has expired or it was used. Check it or ask for another.',
    },
    wrongPaper: {
      title: 'The code does not work',
      text: 'It is mistyped, it has expired or it was used. Look at the second paper. If it does not work, go back to the office with your identity card: you will get new codes.',
    },
    offices: 'Where the offices are',
  },
  clave: {
    title: (name) => `Hello, ${name}`,
    text: 'This account is yours. Choose your ClaveÚnica: it is personal, give it to nobody.',
    submit: 'Activate my ClaveÚnica',
    sending: 'Activating…',
    notMe: 'I am not that person',
  },
  done: {
    title: 'Your ClaveÚnica is active',
    text: 'You can use it now. We sent you a notice by e-mail.',
    mailless: {
      text: 'You can use it now.',
      title: 'If you forget it',
      office:
        'Your account has no confirmed e-mail, so we cannot send you a code. Go to an office with your identity card: you are identified again there. Or add an e-mail now, and recover it online.',
      link: 'Add an e-mail',
    },
    now: 'What you can do now',
    items: [
      'Sign in to state websites with your RUN and your ClaveÚnica.',
      'Ask for certificates and benefits without going to an office.',
      'See in your account where it was used, and change it whenever you like.',
    ],
    passkey: {
      title: 'Sign in without typing it',
      text: 'With a passkey you sign in with your fingerprint, your face or the PIN of your phone, and no fake site can steal it.',
      link: 'Add a passkey',
    },
    shared: 'This device is not yours: do not let it save your password, and close all windows when you finish.',
    account: 'Go to my account',
  },
};
