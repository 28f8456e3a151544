import type { Words } from '../es.ts';

export const clave: Words['clave'] = {
  field: 'New ClaveÚnica',
  again: 'Type it again',
  rule: (minimum) =>
    `Use ${minimum} characters or more. Easiest to remember: four words that have nothing to do with each other, with spaces.`,
  check: 'Check it',
  fine: { title: 'That is a good ClaveÚnica', text: 'Now type it in both fields and save it.' },
  live: {
    title: 'While you type',
    length: (minimum) => `${minimum} characters or more`,
    own: 'Not made of your own data',
    common: 'Not one of the most used',
    good: 'done',
    bad: 'missing',
  },
  problem: {
    missing: { title: 'Your new ClaveÚnica is missing', text: 'Type it in both fields.' },
    different: { title: 'The two are not the same', text: 'Type it again in both fields.' },
    'too-short': {
      title: 'It is too short',
      text: (minimum) => `It needs ${minimum} characters or more. Add a word or two.`,
    },
    'too-long': { title: 'It is too long', text: 'It can have up to 128 characters.' },
    'own-data': {
      title: 'It is made of your own data',
      text: 'People who know you could guess it. Do not use just your name, RUN, e-mail, phone or date of birth.',
    },
    common: { title: 'It is one of the most used', text: 'It is in the lists that thieves try. Choose another.' },
    guessable: {
      title: 'It is easy to guess',
      text: 'A computer would find it soon. Try four words that have nothing to do with each other.',
    },
    same: {
      title: 'It is the one you had',
      text: 'Choose a different one: somebody else may know the old one.',
    },
    busy: {
      title: 'We could not check it',
      text: 'Many people are here right now. Wait a few seconds and try again: nothing was lost.',
    },
  },
};

/** Before a sign-in goes on with a ClaveÚnica that somebody else may know. */
export const changeClave: Words['changeClave'] = {
  title: 'You need a new ClaveÚnica',
  why: 'Somebody else may know the one you use. To protect you, it opens nothing any more.',
  next: 'We will send a code to your e-mail. With it you choose another ClaveÚnica, and then go on where you were.',
  submit: 'Choose a new ClaveÚnica',
  noMail: 'I can’t see my e-mail',
  choose:
    'Somebody else may know the one you use. We have made sure that it is you: choose another one and go on where you were.',
  save: 'Save and continue',
  saving: 'Saving…',
  ends: 'When you save it we will end your other sessions and tell you by e-mail.',
};

export const codeField: Words['codeField'] = {
  label: 'Code',
  hint: 'Example: 7K2M-9QXT',
  wrong: 'Check the code.',
};
