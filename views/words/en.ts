import { accountCases } from './en/account-cases.ts';
import { alerts } from './en/alerts.ts';
import { account } from './en/account.ts';
import { clients } from './en/clients.ts';
import { console } from './en/console.ts';
import { activation } from './en/activation.ts';
import { enrolment, enrolmentLetters } from './en/enrolment.ts';
import { checks } from './en/checks.ts';
import { desk } from './en/desk.ts';
import { changeClave, clave, codeField } from './en/clave.ts';
import { closing, contact, download } from './en/account-data.ts';
import { activity, places, sites } from './en/account-places.ts';
import { call } from './en/call.ts';
import { demoSite } from './en/demo-site.ts';
import { doctor } from './en/doctor.ts';
import { approval, device } from './en/elsewhere.ts';
import { emulator } from './en/emulator.ts';
import { errors } from './en/errors.ts';
import { factor, factors } from './en/factors.ts';
import { help, home } from './en/front.ts';
import { letters } from './en/letters.ts';
import { caseList, officeList, search, table } from './en/lists.ts';
import { recovery } from './en/recovery.ts';
import { helpCode, line, message, protocolError, stoppedBar, ways } from './en/messages.ts';
import { notMe } from './en/not-me.ts';
import { consent, continuing, data, frame, logIn, logOut, mailCode, site, time } from './en/sign-in.ts';
import type { Words } from './es.ts';

/** English, in the shape of Spanish. */
export const en: Words = {
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
