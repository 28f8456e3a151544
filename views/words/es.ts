import { accountCases } from './es/account-cases.ts';
import { alerts } from './es/alerts.ts';
import { account } from './es/account.ts';
import { clients } from './es/clients.ts';
import { console } from './es/console.ts';
import { activation } from './es/activation.ts';
import { enrolment, enrolmentLetters } from './es/enrolment.ts';
import { checks } from './es/checks.ts';
import { desk } from './es/desk.ts';
import { changeClave, clave, codeField } from './es/clave.ts';
import { closing, contact, download } from './es/account-data.ts';
import { activity, places, sites } from './es/account-places.ts';
import { call } from './es/call.ts';
import { demoSite } from './es/demo-site.ts';
import { doctor } from './es/doctor.ts';
import { approval, device } from './es/elsewhere.ts';
import { emulator } from './es/emulator.ts';
import { errors } from './es/errors.ts';
import { factor, factors } from './es/factors.ts';
import { help, home } from './es/front.ts';
import { letters } from './es/letters.ts';
import { caseList, officeList, search, table } from './es/lists.ts';
import { recovery } from './es/recovery.ts';
import { helpCode, line, message, protocolError, stoppedBar, ways } from './es/messages.ts';
import { notMe } from './es/not-me.ts';
import { consent, continuing, data, frame, logIn, logOut, mailCode, site, time } from './es/sign-in.ts';

/** The shape of every language: what is missing in another does not compile. */
export const es = {
  frame,
  time,
  site,
  data,
  logIn,
  mailCode,
  factor,
  factors,
  clave,
  changeClave,
  codeField,
  recovery,
  activation,
  enrolment,
  call,
  enrolmentLetters,
  consent,
  logOut,
  continuing,
  device,
  approval,
  line,
  message,
  ways,
  stoppedBar,
  helpCode,
  protocolError,
  errors,
  home,
  help,
  emulator,
  letters,
  notMe,
  demoSite,
  account,
  accountCases,
  alerts,
  clients,
  checks,
  console,
  desk,
  doctor,
  places,
  activity,
  sites,
  contact,
  download,
  closing,
  caseList,
  officeList,
  search,
  table,
};
export type Words = typeof es;
