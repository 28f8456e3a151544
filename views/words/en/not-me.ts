import type { Words } from '../es.ts';

export const notMe: Words['notMe'] = {
  title: 'Was it not you?',
  lead: 'This is what we told you about. We have not done anything yet.',
  willDo: 'If it was not you, press the button and we will do this:',
  will: {
    sessions: 'We will close all sessions of ClaveÚnica, yours too, and tell the sites that take such messages.',
    open: 'We will cancel codes and recoveries that are under way.',
    devices: 'We will forget the devices that we know.',
    factors: 'Second steps that were added since that moment will stop working.',
    contact: 'We will go back to your earlier contact data.',
    person: 'Someone of our team will look into the case.',
  },
  button: 'It was not me',
  wasMe: 'It was me: do nothing',
  doneTitle: 'Your account is safe',
  doneLead:
    'Thank you for telling us. We have closed the sessions of ClaveÚnica, and someone of our team will look into the case.',
  next: 'Now change your ClaveÚnica: whoever came in may know the old one.',
  change: 'Change my ClaveÚnica',
  open: {
    title: 'Sites that may still be open',
    text: 'On these sites we cannot close the session: it lasts until they end it themselves. Go there and sign out; if you see something that you did not do, tell them.',
  },
  call: (phone) => `If you cannot open your mail, or see something else that you did not do, call us at ${phone}.`,
  unknownTitle: 'This link no longer works',
  unknown: (phone) =>
    `It lasts 10 days, and must be opened in a browser that accepts cookies. Open it again from the e-mail or call us at ${phone}.`,
  recover: 'Recover my ClaveÚnica',
};
