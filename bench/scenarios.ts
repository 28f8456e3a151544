/** What is measured, and what PRODUCT.md («Numbers to reach») wants of it. */
import type { Cookies } from './client.ts';
import { manyPeople } from './people.ts';
import { discovery, logIn, newVisitor, ssoAgain, userinfo, type Site } from './flows.ts';

const many = manyPeople();
let turn = 0;
/** One of many, each in turn; the database has them (`peopled`). */
const nextPerson = () => many[turn++ % many.length]!;

/** One complete operation; throws when any answer is not the right one. */
export type Operation = () => Promise<void>;

export type Scenario = {
  readonly name: 'login' | 'login-known' | 'sso' | 'userinfo' | 'discovery';
  readonly title: string;
  /** The yardstick knows no devices: there the scenario is compared with its plain login. */
  readonly yardstick: boolean;
  /** What one of several concurrent users needs before it can begin. */
  readonly prepare: (site: Site) => Promise<Operation>;
};

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'login',
    title: 'complete browser login, a browser never seen',
    yardstick: true,
    prepare: async (site) => async () => {
      await logIn(site, newVisitor(nextPerson()));
    },
  },
  {
    name: 'login-known',
    title: 'the same, a known browser (no letter)',
    yardstick: false,
    prepare: async (site) => {
      const device: Cookies = new Map();
      const person = nextPerson();
      await logIn(site, newVisitor(person, device));
      return async () => {
        await logIn(site, newVisitor(person, device));
      };
    },
  },
  {
    name: 'sso',
    title: 'silent SSO (authorize, code, token)',
    yardstick: true,
    prepare: async (site) => {
      const visitor = newVisitor(nextPerson());
      await logIn(site, visitor);
      return () => ssoAgain(site, visitor);
    },
  },
  {
    name: 'userinfo',
    title: 'userinfo',
    yardstick: true,
    prepare: async (site) => {
      const token = await logIn(site, newVisitor(nextPerson()));
      return () => userinfo(site, token);
    },
  },
  { name: 'discovery', title: 'discovery', yardstick: true, prepare: async (site) => () => discovery(site) },
];
