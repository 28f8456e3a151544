import type { Words } from '../es.ts';

export const factor: Words['factor'] = {
  title: 'One more step',
  why: {
    'sign-in': 'Your account has a second step. So nobody gets in with your ClaveÚnica alone.',
    more: 'This site asks to check once more that it is you.',
  },
  field: 'Code of your app',
  hint: 'Example: 123 456',
  orSaved: 'One of your backup codes works too.',
  savedField: 'Backup code',
  savedHint: 'Example: 7K2M-9QXT-4B1C-8WZ5',
  submit: 'Continue',
  sending: 'Checking…',
  or: 'or',
  demo: (code) => `Emulator: this person’s app shows ${code} now.`,
  passkey: {
    signIn: 'Sign in with a passkey',
    use: 'Use my passkey',
    cannot: 'This browser can’t use passkeys, or JavaScript is off.',
    sending: 'Checking your passkey…',
    cancelled: 'It was not completed. You can try again.',
    failed: 'The passkey could not be used on this device. Try again, or use another way.',
    taken: 'This device has a passkey of your account already.',
  },
  lost: {
    title: 'I don’t have my second step',
    paragraphs: [
      'Use another of your second steps, or a backup code.',
      'If you lost all of them, you have to be identified again: at an office of Registro Civil or ChileAtiende (IPS), with your identity card, or by video call. Nobody can take them off by phone or email.',
    ],
    way: 'Where and how',
  },
  problem: {
    refused: {
      title: 'We could not check it',
      text: 'Check the code: it changes every 30 seconds and works only once. If you used a passkey, try again.',
    },
    'not-enough': {
      title: 'This site asks for a passkey',
      text: 'A code is not enough here. Use your passkey, or cancel to go back to the site.',
    },
    wait: {
      title: (time) => `Wait ${time} and try again`,
      text: 'There were several tries in a row. We do this to protect your account.',
    },
  },
  setUp: {
    title: 'Add a second step',
    text: 'This site asks for more than your ClaveÚnica. Choose a way; it takes a minute and will serve you always.',
    passkeyOnly: 'This site asks for a passkey. Make one now; it takes a minute and will serve you always.',
    passkey: {
      title: 'Passkey',
      text: 'The safest and easiest way: with the fingerprint, face or PIN of your phone or computer.',
      submit: 'Create a passkey',
    },
    totp: {
      title: 'App with codes',
      text: 'An app on your phone shows a new code every 30 seconds. Any will do, like Aegis, Google Authenticator or Microsoft Authenticator.',
      scan: 'Open the app and point the camera at this square.',
      pictureOf: 'QR code with the key that is written below',
      sameDevice: 'Open in the app of this device',
      orType: 'Or write this key in the app:',
      field: 'Write the code it shows',
      wrong: 'The code does not match. Check that the time of your phone is right and use the newest one.',
      submit: 'Confirm',
    },
    problem: {
      refused: { title: 'It was not added', text: 'We could not check what arrived. Try again.' },
      over: { title: 'It took too long', text: 'Try again from here.' },
      recovered: {
        title: 'Not yet',
        text: 'You recovered your ClaveÚnica by email a short while ago. For safety, you can add a second step once 72 hours have passed.',
      },
      taken: { title: 'That belongs to an account already', text: 'Use another device or another way.' },
    },
  },
  codes: {
    print: 'Print',
    copy: 'Copy',
    copied: 'Copied',
    used: {
      title: 'Write down your new code',
      text: 'It takes the place of the backup code that you have just used: cross that one out. We will not show it again.',
      submit: 'I wrote it down, continue',
      without: (left) =>
        left === 0 ? 'Continue without it (I have none left)' : `Continue without it (I have ${left} left)`,
    },
    again: {
      title: 'Keep ten new codes',
      recovered: 'Your new ClaveÚnica is saved.',
      left: (left) =>
        left === 0 ? 'You used your last backup code.' : `You used a backup code and have ${left} left.`,
      text: 'These ten take the place of all the earlier ones. Print them or write them down, keep them away from the phone, and throw the old list away. We will not show them again.',
      submit: 'I kept them, continue',
      without: (left) =>
        left === 0
          ? 'Continue without them (I have none left)'
          : left === 1
            ? 'Continue with the one I have left'
            : `Continue with the ${left} I have left`,
    },
    fresh: {
      title: 'Keep your backup codes',
      text: 'If you lose your second step, each one lets you in once. Print them or write them down, and keep them away from the phone. We will not show them again.',
      submit: 'I kept them, continue',
    },
  },
};

export const factors: Words['factors'] = {
  lead: 'When you sign in we ask for one of these, besides your ClaveÚnica.',
  none: 'Today your account opens with your ClaveÚnica alone. With a second step nobody gets in, even by guessing it.',
  since: (when) => `Added ${when}.`,
  used: (when) => `Last time: ${when}.`,
  unused: 'Not used yet.',
  rename: 'Rename',
  remove: 'Remove',
  save: 'Save',
  back: 'Back without changes',
  renameTitle: 'Name of the passkey',
  done: {
    added: 'Done: it was added.',
    removed: 'Done: it was removed.',
    renamed: 'Done: the name has changed.',
  },
  told: 'We told you by email.',
  passkeys: {
    title: 'Passkeys',
    add: 'Add a passkey',
    synced: 'It is on your other devices too.',
    unnamed: 'Without a name',
    name: 'Name',
    nameHint: 'To recognise it. Example: My phone',
  },
  totp: {
    title: 'App with codes',
    text: 'An app on your phone that shows a new code every 30 seconds.',
    add: 'Add an app',
  },
  codes: {
    title: 'Backup codes',
    none: 'They help when your second step is not at hand. You have none yet.',
    left: (left) =>
      left === 0
        ? 'There is none left. Make ten others.'
        : left === 1
          ? 'You have 1 left. Make ten others before you use it.'
          : left <= 3
            ? `You have only ${left} left. Make ten others before they run out.`
            : `You have ${left} left. Each one works once.`,
    text: 'They are ten codes. Each one lets you in once if you lose your second step. We show them only now: have something to write or print them with.',
    replaces: (left) =>
      left === 1 ? 'The code you have left will stop working.' : `The ${left} codes you have left will stop working.`,
    make: 'Make my codes',
    again: 'Make new codes',
    kept: 'I kept them',
  },
  lost: {
    title: 'If you lose all of them',
    text: 'Nobody can take them off by phone or email. You will have to be identified again, at an office of Registro Civil or ChileAtiende (IPS) with your identity card, or by video call. So it is good to have two.',
  },
  removal: {
    title: 'Remove this second step?',
    passkey: (name) => `The passkey “${name}” will no longer open your account. Delete it on the device too.`,
    totp: 'The codes of your app will stop working. Delete the account in the app too.',
    others: 'Your other second steps keep working.',
    last: [
      'It is the last one: your account will open with your ClaveÚnica alone.',
      'Your backup codes stop working.',
      'Sites that ask for a second step will ask you to add another.',
    ],
    submit: 'Yes, remove it',
    keep: 'No, keep it',
  },
};
