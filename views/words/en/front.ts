import type { Words } from '../es.ts';

export const home: Words['home'] = {
  title: 'One key for everything you do with the State',
  lead: 'With your RUN and your ClaveÚnica you enter the State’s websites without queues and without a password for each of them.',
  doors: {
    get: { title: 'Get it', text: 'I don’t have a ClaveÚnica yet' },
    activate: { title: 'Activate it', text: 'I have an activation code' },
    recover: { title: 'Recover it', text: 'I forgot it or it doesn’t work' },
    account: { title: 'My account', text: 'See my sign-ins and my data' },
  },
  help: {
    title: 'Do you need help?',
    text: 'Short answers, a telephone and the offices that serve you in person.',
    label: 'Go to the help page',
  },
  where: {
    title: 'What you can use it for',
    items: [
      { title: 'Certificates', text: 'Birth, marriage and criminal record, at once and for free.' },
      { title: 'Benefits', text: 'Bonuses, subsidies and grants: apply and check your payments.' },
      { title: 'Social Registry of Households', text: 'Update your family’s data and download your statement.' },
      { title: 'Pensions', text: 'Look up your pension and ask for the one you are due.' },
    ],
  },
  how: {
    title: 'How it works',
    items: [
      { title: 'Start at the site you need', text: 'Look for the button to sign in with ClaveÚnica.' },
      { title: 'Write your RUN and your ClaveÚnica', text: 'Only here, on this page. The site never sees it.' },
      { title: 'Done, you are back at the site', text: 'With your identity proven, to finish what you came for.' },
    ],
  },
  safety: {
    title: 'It is yours and nobody else’s',
    text: 'Your ClaveÚnica is as good as your signature. Don’t give it to anyone: not to family, nor to someone who says they call from the State.',
    link: 'How to take care of it',
  },
  emulator: {
    title: 'You are in the emulator',
    text: 'It works like the real provider, with invented people and sites. Nothing leaves this computer.',
    tools: 'Open the emulator',
    demo: 'Try it at the demo site',
  },
};

export const help: Words['help'] = {
  title: 'Help',
  lead: 'Short answers. If yours is not here, call us.',
  call: 'Call us',
  contents: 'On this page',
  office: {
    title: 'Go to an office',
    text: 'The Civil Registry (Registro Civil e Identificación) and the Social Security Institute (IPS, ChileAtiende) serve you in person all over the country. Bring your valid identity card.',
  },
  answers: {
    forgot: {
      title: 'I don’t remember my ClaveÚnica',
      paragraphs: [
        'Try calmly: mind capital letters, and make sure the RUN is yours.',
        'If you don’t remember it, make a new one with a code that we send to your email. If you have no email, or no longer use that one, go to an office with your identity card.',
      ],
      way: 'Recover my ClaveÚnica',
    },
    activate: {
      title: 'I have an activation code',
      paragraphs: [
        'It is the code that you were given in the video call or at the office. Type it with your RUN: we send another code to your email or phone, and then you choose your ClaveÚnica.',
        'The code expires. If it no longer works, ask for another one at an office or by video call.',
      ],
      way: 'Activate my ClaveÚnica',
    },
    factor: {
      title: 'I lost my second step (phone, passkey)',
      paragraphs: [
        'When you sign in you can use any other second step of yours, or one of the backup codes that you saved.',
        'If you lost them all, nobody can take them off by telephone or email: so nobody else can do it either. We identify you again at an office, with your identity card, or by video call.',
      ],
      way: 'See my second steps',
    },
    blocked: {
      title: 'It is typed correctly, but I can’t sign in',
      paragraphs: [
        'After several attempts we ask you to wait a little before you try again. That way nobody can guess your secret.',
        'Wait for as long as the page says, or make a new ClaveÚnica now: that opens your account at once. If it still does not work, call us or go to an office.',
      ],
      way: 'Recover my ClaveÚnica',
    },
    suspicious: {
      title: 'I got a suspicious message or call',
      paragraphs: [
        'Nobody from the State will ask for your ClaveÚnica by phone, email, message or social media. If they do, it is a scam: don’t answer and don’t open links.',
        'If you already gave it away, change it right now in your account. There you can also see where it was used, end all sessions and block it. If you can’t get in, call us.',
      ],
      way: 'Check and protect my account',
    },
    address: {
      title: 'How do I know that I am on the right site?',
      paragraphs: [
        'Before you write your ClaveÚnica, look at the address at the top of your browser. It must start exactly like this:',
      ],
      after: 'If you see another address, close the page and come in again from the institution’s site.',
    },
    shared: {
      title: 'I am using a computer that is not mine',
      paragraphs: [
        'Tick “I am on a shared computer” when you sign in. Then your session does not stay open for the next person.',
        'When you finish, sign out at the site and close every window. Don’t save your secret in that browser.',
      ],
    },
  },
};
