export const account = {
  title: 'My account',
  nav: 'Sections of my account',
  back: 'My account',
  signOut: 'Sign out',
  signInAgain: 'Sign in again',
  shared: {
    label: 'Shared computer',
    text: 'You are on a shared computer. Sign out before you leave.',
  },
  hello: (name: string) => `Hello, ${name}`,
  sections: {
    overview: { title: 'Overview', text: 'Who you are and when you signed in.' },
    contact: { title: 'My details', text: 'Your e-mail and phone, to notify you and to recover your account.' },
    password: { title: 'My ClaveÚnica', text: 'Change it whenever you like.' },
    factors: {
      title: 'Second step',
      text: 'Passkeys, app with codes and backup codes.',
    },
    sessions: { title: 'Sessions and devices', text: 'Where your account is open. Close it where you do not use it.' },
    activity: { title: 'Activity', text: 'Which sites you signed in to, when and how.' },
    sites: { title: 'Connected sites', text: 'The State’s sites that can see your data today.' },
    export: { title: 'Download my data', text: 'Everything that ClaveÚnica keeps about you.' },
    close: { title: 'Block or close my account', text: 'If you suspect somebody, or no longer want it.' },
  },
  moment: {
    today: (time: string) => `today at ${time}`,
    yesterday: (time: string) => `yesterday at ${time}`,
    on: (day: string, time: string) => `on ${day} at ${time}`,
  },
  device: {
    in: (browser: string, system: string) => `${browser} on ${system}`,
    from: (device: string) => `from ${device}`,
    unknown: 'a device we do not recognise',
  },
  overview: {
    lastAccess: (when: string, device: string) => `Last access: ${when} from ${device}.`,
    firstAccess: 'This is your first access.',
    notMe: 'Was it not you?',
    notMeLink: 'Check your sessions',
    fewCodes: (left: number) =>
      left === 0
        ? 'You have no backup codes. If you lose your second step, you will have to be identified again.'
        : left === 1
          ? 'You have 1 backup code left.'
          : `You have ${left} backup codes left.`,
    makeCodes: 'Make ten new codes',
    run: 'RUN',
    name: 'Name',
    identified: 'Your identity',
    identifiedBy: {
      video: 'Checked by video call',
      presencial: 'Checked at an office',
      biometrico: 'Checked with your fingerprints',
    },
    email: 'E-mail',
    noEmail: 'You have no confirmed e-mail address. Without one you cannot recover your account online.',
    addEmail: 'Add an e-mail address',
  },
  clave: {
    text: 'Changing it ends all your other sessions, and we tell you by e-mail.',
    current: 'Current ClaveÚnica',
    submit: 'Change my ClaveÚnica',
    sending: 'Changing…',
    forgot: 'I do not remember the current one',
    done: 'Done: you changed your ClaveÚnica. We ended your other sessions.',
    problem: {
      missing: { title: () => 'Your current ClaveÚnica is missing', text: 'We ask for it to know that it is you.' },
      wrong: { title: () => 'That is not your current ClaveÚnica', text: 'Check it and try again.' },
      wait: {
        title: (time: string) => `Wait ${time} and try again`,
        text: 'There were several tries in a row. We do it to protect your account.',
      },
    },
  },
  left: {
    title: 'You left your account',
    text: 'It is no longer open in this browser. The session of ClaveÚnica is another matter: it ended only if you answered yes.',
    shared: 'On a shared computer, close all windows too.',
    again: 'Back to my account',
  },
};
