import type { Words } from '../es.ts';

export const demoSite: Words['demoSite'] = {
  made: 'An invented site, to try signing in with ClaveÚnica.',
  signIn: 'Sign in',
  signInNote: 'With your ClaveÚnica',
  other: (name) => `Visit ${name}`,
  loggedOut: 'You signed out of this site. ClaveÚnica is another matter: there you did only if you answered yes.',
  sites: {
    municipio: {
      title: 'Your town hall, without leaving home',
      lead: 'Vehicle permits, licences, subsidies and appointments for the neighbours of Los Robles.',
      services: [
        { title: 'Vehicle permit', text: 'Renew and pay yours.' },
        { title: 'Aid and subsidies', text: 'See which you can apply for.' },
        { title: 'Appointments', text: 'Book with the office you need.' },
      ],
    },
    registro: {
      title: 'Certificates and documents up to date',
      lead: 'Ask for certificates, look up your records and follow your requests in Tres Esteros.',
      services: [
        { title: 'Certificates', text: 'Downloaded at once.' },
        { title: 'Records', text: 'Look up those in your name.' },
        { title: 'Requests', text: 'See how each is going.' },
      ],
    },
  },
  greeting: {
    title: (name) => `Hello, ${name}`,
    lead: 'You signed in with ClaveÚnica. This is what this site received:',
    idToken: 'Claims of the ID token',
    token: 'Token answer',
    userinfo: 'Userinfo answer',
    logOut: 'Sign out',
    home: 'Back to the home page',
  },
  problem: {
    title: 'We could not sign you in',
    cancelled: 'You cancelled. You can try again whenever you like.',
    text: 'Signing in did not end well. You can try again.',
    details: 'Technical detail',
    retry: 'Try again',
    home: 'Back to the home page',
  },
};
