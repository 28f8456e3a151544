import type { Words } from '../es.ts';

export const device: Words['device'] = {
  title: 'Enter the code of your device',
  text: 'It is the code on the screen where you want to sign in.',
  field: 'Code',
  hint: 'Example: BCDF-GHJK',
  submit: 'Continue',
  wrong: {
    title: 'The code does not work',
    text: 'It is mistyped, has expired or was used. Check it on the screen of your device.',
    field: 'Check the code.',
  },
  confirm: {
    title: 'Is this the code of your device?',
    text: 'Go on only if you asked to sign in and the code is the same on the other screen.',
    submit: 'Yes, it is the same',
    cancel: 'No, cancel',
  },
  done: {
    title: 'Done',
    text: 'You can go back to your device. You may close this page.',
  },
};

export const approval: Words['approval'] = {
  title: 'Is it you who wants to sign in?',
  text: 'A site asked to confirm who you are. Say yes only if you began it.',
  allow: 'Yes, it is me',
  deny: 'No, it was not me',
  allowed: { title: 'Confirmed', text: 'The site now knows that it is you.' },
  denied: { title: 'Refused', text: 'The site received nothing.' },
};
