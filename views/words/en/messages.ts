import type { Words } from '../es.ts';

export const line: Words['line'] = {
  title: 'You are in line',
  wait: (seconds) =>
    seconds <= 60
      ? 'Your turn comes in less than a minute.'
      : `Your turn comes in about ${Math.ceil(seconds / 60)} minutes.`,
  text: 'Many people are signing in right now. Whoever came first goes in first.',
  keep: 'Leave this page open: it moves on by itself.',
  look: 'See if it is my turn',
};

export const message: Words['message'] = {
  'too-young': {
    title: 'You can activate it when you turn 14',
    text: 'A ClaveÚnica is personal and is given from the age of 14. Meanwhile your mother, your father or whoever looks after you can act for you.',
  },
  'no-contact': {
    title: 'An e-mail or phone of yours is missing',
    text: 'To activate your account we send a second code, and we have nowhere to send it. Go back where you were attended and ask to have your e-mail added.',
  },
  'recovery-stopped': {
    title: 'Recovery is stopped for now',
    text: 'We stopped it for safety, for everyone. Your account is fine. Codes you asked for before do not work. If you need your ClaveÚnica today, go to an office with your identity card.',
  },
  'enrolment-stopped': {
    title: 'It cannot be asked for online right now',
    text: 'We stopped requests for safety. You can get your ClaveÚnica at an office, with your identity card.',
  },
  'request-gone': {
    title: 'This link does not work any more',
    text: 'The request ended, expired, or the link is incomplete. You can make another.',
  },
  stale: {
    title: 'This page is no longer valid',
    text: 'Too much time went by, or you already used it. Nothing is lost: you can start again.',
  },
  'no-cookies': {
    title: 'We do not know this browser',
    text: 'The page was opened in another browser, or this one keeps no cookies. Try again; if it happens again, allow cookies for this site or use another browser.',
  },
  finished: {
    title: 'This step is done already',
    text: 'What you sent has come before: it was pressed twice, or you did it in another tab. Go on from here.',
  },
  fault: {
    title: 'Something failed on our side',
    text: 'It is not your fault. Try again in a moment. If it happens again, call us and tell us the help code.',
  },
  unavailable: {
    title: 'Try again in a moment',
    text: 'Many people are using ClaveÚnica, or we are doing repairs. Your account is fine.',
  },
  'too-many': {
    title: 'Wait a moment',
    text: 'Many requests came in a row from your connection. Wait a minute and try again.',
  },
  'not-found': {
    title: 'We can’t find this page',
    text: 'The link may be incomplete, or the page may no longer exist.',
  },
  'not-allowed': {
    title: 'This part does not belong to your post',
    text: 'Your post in the console does not include this page, and the attempt was recorded. If you need it for your work, ask your supervisor.',
  },
  forbidden: {
    title: 'We could not check what you sent',
    text: 'For your safety we did not accept it. This often happens when a page was open for a long time or the browser blocks cookies.',
  },
  'bad-request': {
    title: 'We did not understand what came',
    text: 'Something is missing or incomplete. Go back and try again.',
  },
  'too-large': {
    title: 'What you sent is too large',
    text: 'Go back and try with something shorter.',
  },
  method: {
    title: 'This page opens in another way',
    text: 'You can’t come to it directly. Start from the home page.',
  },
};

/** What is said above every page while something is stopped for everybody. */
export const stoppedBar: Words['stoppedBar'] = {
  label: 'Service notice',
  names: {
    'recovery-stopped': {
      title: 'Recovery is stopped.',
      text: 'If you need it, go to an office. Signing in works as always.',
    },
    'enrolment-stopped': { title: 'No new requests are taken.', text: 'You can get your ClaveÚnica at an office.' },
    'end-all-sessions': {
      title: 'We ended all sessions for safety.',
      text: 'Sign in again; what you were doing at other sites is still there.',
    },
    'secrets-staged': {
      title: 'We are renewing every ClaveÚnica.',
      text: 'When you sign in we will ask you to choose a new one. We never ask for it by mail or telephone.',
    },
  },
};

export const ways: Words['ways'] = {
  retryAt: (name) => `Try again at ${name}`,
  backTo: (name) => `Back to ${name}`,
  retry: 'Try again',
  on: 'Continue',
  home: 'Go to the home page',
  help: 'See the help',
  offices: 'See the offices',
};
export const helpCode: Words['helpCode'] = {
  label: 'Help code',
  hint: 'Tell it to the help desk if you call.',
};

export const protocolError: Words['protocolError'] = {
  kinds: {
    'unknown-client': {
      title: 'The site that sent you is not registered',
      text: 'We don’t know that site in ClaveÚnica, so we stopped here. Don’t give it your data until you are sure that it belongs to the State.',
    },
    'redirect-mismatch': {
      title: 'The site that sent you is not set up correctly',
      text: 'It is not your fault. It asked us to send you to an address that it has not registered, and for your safety we did not.',
    },
    'client-disabled': {
      title: 'The institution is not enabled in ClaveÚnica',
      text: 'It is not your fault. This site can’t use ClaveÚnica yet, or no longer can. Ask the institution how to do what you came for.',
    },
    'invalid-request': {
      title: 'The site that sent you is not set up correctly',
      text: 'It is not your fault. What the site sent us is incomplete or wrong. Go back to the site and try again.',
    },
    server: {
      title: 'We could not finish signing you in',
      text: 'Something failed on our side. Go back to the site and try again in a moment.',
    },
  },
  contact: (name) => `If it keeps happening, tell ${name} and give them the help code.`,
  contactUnnamed: 'If it keeps happening, tell the institution and give them the help code.',
  logOut: { text: 'Your ClaveÚnica session may still be open in this browser.', way: 'Sign out of ClaveÚnica' },
  all: 'All errors',
  developers: 'For the site’s developers',
  error: 'Error',
};
