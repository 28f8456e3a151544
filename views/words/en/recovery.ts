import type { Words } from '../es.ts';

export const recovery: Words['recovery'] = {
  step: (step, of) => `Step ${step} of ${of}`,
  ask: {
    title: 'Recover your ClaveÚnica',
    text: 'Type your RUN and we will send a code to the e-mail address you confirmed.',
    submit: 'Send me a code',
    sending: 'Sending…',
    haveCode: 'I have the code',
    noMail: 'I cannot read that e-mail',
    noAddress: 'I have no e-mail: go to an office',
    blocked: 'This also helps if you blocked your account, or must wait because there were many attempts.',
  },
  expired: 'This step has expired: a long time has passed, or you went on elsewhere. Start again.',
  wait: {
    title: (time) => `Wait ${time} and try again`,
    text: 'There were several attempts in a row from your connection. We do this to protect accounts.',
  },
  code: {
    title: 'Check your e-mail',
    text: (run) => `If RUN ${run} has an account with a confirmed e-mail address, we sent it a code.`,
    submit: 'Continue',
    lasts: 'It lasts 10 minutes and works in this browser only. Look in the spam folder too.',
    again: 'Send me another code',
    otherRun: 'Use another RUN',
    wrong: {
      title: 'The code does not work',
      text: 'It is mistyped, it has expired, it was used, or you asked for it in another browser. Check it or ask for another.',
    },
  },
  clave: {
    title: 'Choose your new ClaveÚnica',
    text: 'It replaces the old one on every state website.',
    submit: 'Save',
    sending: 'Saving…',
    ends: 'When you save it we close all your sessions and tell you by e-mail.',
  },
  done: {
    title: 'Done: you have a new ClaveÚnica',
    text: 'The old one no longer works. We closed all your sessions and told you by e-mail.',
    caution: 'For your safety, for 72 hours a site may ask you for one more step, or to come back another day.',
    account: 'Go to my account',
  },
};
