import type { Words } from '../../words.ts';

export const table: Words['table'] = {
  filter: 'Filter',
  clear: 'Remove filters',
  filterOf: (what) => `Filter: ${what}`,
  all: 'All',
  count: (number, count) => (count === 1 ? '1 result' : `${number} results`),
  more: (number) => `more than ${number} results`,
  pages: 'Pages of the list',
  before: 'Previous',
  after: 'Next',
  file: {
    title: 'Download as a CSV file',
    hint: 'Up to 10,000 rows, with the filters of now; ten files an hour. Who downloads it, what and why is recorded. Keep it only on a computer of your institution, and delete it when you no longer need it.',
    get: 'Download',
  },
};

export const search: Words['search'] = {
  title: 'Search the console',
  label: 'Search',
  button: 'Search',
  hint: 'Type the name of a room, a RUN, a site or its client_id, a help code or the number of a request. With the keyboard: / or Ctrl+K.',
  found: 'Results',
  rooms: 'Rooms',
  clients: 'Sites',
  case: 'See the request with that number',
  person: 'Look up the person with that RUN',
  personText: 'Nothing has been looked up yet. Write the reason to see her account.',
  audit: 'Search the audit log',
  auditText: 'Nothing has been searched yet. Write the reason to see the records.',
  none: (said) => `We found nothing with “${said}” that you may see.`,
  helpCode:
    'It looks like a help code. Auditors search for what was done under it; which page showed it, and why, is in the log of the server (field “help”), which operators of the service read.',
};

/** Requests for a ClaveÚnica, as a list. */
export const caseList: Words['caseList'] = {
  lead: 'Where each request is. Whose it is shows when it is opened, with a reason.',
  none: 'There are no such requests. Remove a filter to see others.',
  noneYet: 'There are no requests yet.',
  columns: {
    id: 'Number',
    stage: 'Stage',
    channel: 'Channel',
    office: 'Office',
    created: 'Asked for',
    moved: 'Last change',
  },
  stages: {
    requested: 'asked for',
    'contact-confirmed': 'contact confirmed',
    booked: 'hour booked',
    'in-session': 'in session',
    held: 'held',
    identified: 'identified',
    'code-issued': 'code handed over',
    activated: 'activated',
    rejected: 'rejected',
    withdrawn: 'withdrawn by the person',
    expired: 'expired',
  },
};

/** Offices, as a list. */
export const officeList: Words['officeList'] = {
  lead: 'When each office is open, how many officers have a shift today and how many people wait now.',
  none: 'There are no such offices. Remove a filter to see others.',
  noneYet: 'There are no offices yet. Whoever runs the server adds them (clave office import).',
  columns: {
    name: 'Office',
    place: 'Region and commune',
    hours: 'Open',
    rostered: 'On shift today',
    waiting: 'Waiting',
  },
  agency: 'Agency',
  region: 'Region',
  everywhere: 'All',
  today: 'Today',
  closed: 'closed',
  nobody: 'It opens today and nobody has a shift.',
  roster: 'See the roster',
  rosterOf: (name) => `See the roster: ${name}`,
};
