import type { Knex } from 'knex';
import * as auditMonths from './0060-audit-months.ts';
import * as alerts from './0061-alerts.ts';
import * as eventsPlannedOnce from './0064-events-planned-once.ts';
import * as auditOwner from './0062-audit-owner.ts';
import * as factorsHeld from './0070-factors-held.ts';
import * as lists from './0063-lists.ts';
import * as auditPreparedAlone from './0066-audit-prepared-alone.ts';
import * as caseList from './0098-case-list.ts';
import * as accountCaseList from './0099-account-case-list.ts';
import * as evidenceEnds from './0100-evidence-ends.ts';
import * as siteSteps from './0101-site-steps.ts';
import * as foundAndEnded from './0102-found-and-ended.ts';
import * as enrolment from './0080-enrolment.ts';
import * as paused from './0021-paused.ts';
import * as compromised from './0040-compromised.ts';
import * as letters from './0007-letters.ts';
import * as signIn from './0001-sign-in.ts';
import * as recovered from './0011-recovered.ts';
import * as journeys from './0006-journeys.ts';
import * as alarm from './0012-alarm.ts';
import * as step from './0003-step.ts';
import * as account from './0009-account.ts';
import * as casesOfStaff from './0013-cases-of-staff.ts';
import * as keys from './0010-keys.ts';
import * as keyReaders from './0020-key-readers.ts';
import * as registered from './0050-registered.ts';
import * as rooms from './0090-rooms.ts';
import * as roomSignals from './0092-room-signals.ts';
import * as roomKept from './0093-room-kept.ts';
import * as deskRequests from './0096-desk-requests.ts';
import * as deskArrivals from './0097-desk-arrivals.ts';
import * as evidence from './0095-evidence.ts';
import * as masterKeys from './0013-master-keys.ts';
import * as attemptsSpent from './0002-attempts-spent.ts';
import * as factors from './0004-factors.ts';
import * as staff from './0008-staff.ts';
import * as loginAtOnce from './0030-login-at-once.ts';
import * as auditChain from './0005-audit-chain.ts';
import * as codeDecoys from './0076-code-decoys.ts';
import * as accountCases from './0075-account-cases.ts';

/** In order. The names are kept in the database; they hold no file extension. */
export const migrations: Readonly<Record<string, Knex.Migration>> = {
  '0001-sign-in': signIn,
  '0002-attempts-spent': attemptsSpent,
  '0003-step': step,
  '0004-factors': factors,
  '0005-audit-chain': auditChain,
  '0006-journeys': journeys,
  '0007-letters': letters,
  '0008-staff': staff,
  '0009-account': account,
  '0010-keys': keys,
  '0011-recovered': recovered,
  '0012-alarm': alarm,
  '0013-cases-of-staff': casesOfStaff,
  '0013-master-keys': masterKeys,
  '0020-key-readers': keyReaders,
  '0021-paused': paused,
  '0030-login-at-once': loginAtOnce,
  '0040-compromised': compromised,
  '0050-registered': registered,
  '0060-audit-months': auditMonths,
  '0061-alerts': alerts,
  '0062-audit-owner': auditOwner,
  '0063-lists': lists,
  '0064-events-planned-once': eventsPlannedOnce,
  '0066-audit-prepared-alone': auditPreparedAlone,
  '0070-factors-held': factorsHeld,
  '0075-account-cases': accountCases,
  '0076-code-decoys': codeDecoys,
  '0080-enrolment': enrolment,
  '0090-rooms': rooms,
  '0092-room-signals': roomSignals,
  '0093-room-kept': roomKept,
  '0095-evidence': evidence,
  '0096-desk-requests': deskRequests,
  '0097-desk-arrivals': deskArrivals,
  '0098-case-list': caseList,
  '0099-account-case-list': accountCaseList,
  '0100-evidence-ends': evidenceEnds,
  '0101-site-steps': siteSteps,
  '0102-found-and-ended': foundAndEnded,
};
