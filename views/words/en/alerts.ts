import type { Words } from '../es.ts';

export const alerts: Words['alerts'] = {
  subject: (title: string) => `ClaveÚnica alert: ${title}`,
  intro: 'The system noticed something that somebody must look at now.',
  look: 'See the alerts in the console',
  why: 'This letter goes to the address of ALERT_MAILTO or, if there is none, to that of SECURITY_CONTACT. The same alert is sent once an hour at most.',
  room: {
    lead: 'What the service noticed and somebody must look at. Whoever does is recorded.',
    open: 'To be looked at',
    all: 'All',
    noneOpen: 'There is nothing to look at.',
    none: 'There are no alerts yet.',
    acknowledge: 'I have looked at it',
    seen: (name: string, when: string) => `${name} looked at it, ${when}`,
    more: 'See earlier ones',
  },
  kinds: {
    guessing: {
      title: 'Guessing of passwords',
      todo: 'Many passwords are tried at once. New devices must confirm their mailbox while it lasts; see where it comes from.',
    },
    'mass-recovery': {
      title: 'Many recoveries',
      todo: 'Many more people than usual choose a new ClaveÚnica. Without a known reason, stop recovery under Switches.',
    },
    'staff-look-ups': {
      title: 'Too many look-ups',
      todo: 'A member of staff has reached the most look-ups of an hour. Talk to that person or disable the account.',
    },
    'staff-off-hours': {
      title: 'Look-ups outside office hours',
      todo: 'A member of staff opens records at night or on a Sunday. Make sure that it is for work.',
    },
    'staff-denied': {
      title: 'Tries without permission',
      todo: 'A member of staff tries again and again what is not allowed. See the tries under Audit.',
    },
    'own-record': {
      title: 'Their own record',
      todo: 'A member of staff tried to work on their own record. It was refused; talk to that person.',
    },
    'chain-broken': {
      title: 'The record was changed',
      todo: 'The audit log is not as it was sealed. Keep a copy of the database and run `clave audit verify`.',
    },
    'chain-late': {
      title: 'The record is not sealed',
      todo: 'The audit log has not been sealed for minutes. Look at the processes and at open transactions.',
    },
    'key-changed': {
      title: 'A signing key changed',
      todo: 'Another key signs from now on. If nobody asked for it and it was not due, follow the guide for compromised keys.',
    },
    'clock-off': {
      title: 'The clocks differ',
      todo: 'The clock of this process and that of the database differ by more than a second. Look at NTP.',
    },
  },
};
