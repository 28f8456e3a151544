import createError from 'http-errors';
import { z } from 'zod';
import { catalogue } from '#views/catalogue.ts';
import { emulatorCataloguePage } from '#views/pages/emulator/all-pages.ts';
import { emulatorClockPage } from '#views/pages/emulator/clock.ts';
import { emulatorErrorsPage } from '#views/pages/emulator/errors.ts';
import { emulatorIndexPage } from '#views/pages/emulator/overview.ts';
import { emulatorPeoplePage } from '#views/pages/emulator/people.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import { faultsNow } from './faults.ts';
import { demoCode, demoList, hasWalk, type DemoCode } from './people.ts';
import { PROTOCOL_ERROR_CODES, PROTOCOL_ERRORS } from '../../domain/protocol-error.ts';
import { SIGNING_ALGS } from '../../domain/signing-key.ts';
import { rotateNow } from '../../flows/signing-keys.ts';
import type { Act, EmulatorVisit, Visit } from '../kit/row.ts';

/** The demo sites' address, when they run. */
const demoAt = ({ demoPort }: Config, path = '') =>
  demoPort > 0 ? `http://localhost:${String(demoPort)}/${path}` : undefined;

const demoOf = ({ demo }: Parts) => {
  if (!demo) throw createError(404);
  return demo;
};

export const showIndex: Act = async ({ frame, config }, parts) => {
  const demo = demoAt(config);
  const running = [
    { name: 'OpenID Provider', at: `${config.origin}/openid/.well-known/openid-configuration` },
    ...(demo === undefined ? [] : [{ name: 'RP', at: demo }]),
  ];
  return {
    status: 200,
    page: emulatorIndexPage(frame, {
      ...{ demo, running, clients: demoOf(parts).clients, faults: await faultsNow(parts) },
      console: hasWalk(demoOf(parts)) ? config.consoleOrigin : undefined,
    }),
  };
};

const peoplePage = async ({ frame, config }: Visit, parts: Parts, issued?: DemoCode) => {
  const signIn = (run: string) => demoAt(config, `municipio/entrar?login_hint=${encodeURIComponent(run)}`);
  const people = (await demoList(parts, demoOf(parts))).map((person) => ({
    ...person,
    document: person.documento,
    card: person.cedula && { lines: person.cedula.lineas.split('\n'), issued: person.cedula.emitida },
    signInHref: person.status === 'active' ? signIn(person.run) : undefined,
    canActivate: person.status === 'none' || person.status === 'not-activated',
  }));
  return emulatorPeoplePage(frame, { people, issued });
};

export const showPeople: Act = async (visit, parts) => ({ status: 200, page: await peoplePage(visit, parts) });

const whose = z.looseObject({ run: z.string().max(64) });

/** As an office would: the code is shown this once, to programs as JSON. */
export const issueCode: Act = async (visit, parts) => {
  const asked = whose.safeParse({ ...(visit.body as object) });
  if (!asked.success) throw createError(400);
  const issued = await demoCode(parts, asked.data.run);
  if (!issued) throw createError(404);
  if (visit.wantsJson) return { status: 200, json: issued };
  return { status: 200, page: await peoplePage(visit, parts, issued) };
};

export const listPeople: Act = async (_visit, parts) => ({ status: 200, json: await demoList(parts, demoOf(parts)) });

export const showPages: Act = async ({ frame }) => ({
  status: 200,
  page: emulatorCataloguePage(frame, { names: Object.keys(catalogue) }),
});

export const showExample: Act = async ({ frame, params }) => {
  const name = params['name'] ?? '';
  const example = Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
  if (!example) throw createError(404);
  return { status: 200, page: example(frame) };
};

/** Where the forms of the examples lead: back to the list. */
export const leaveExample: Act = async () => ({ status: 303, to: '/emulador/paginas' });

export const showErrors: Act = async ({ frame }) => ({
  status: 200,
  page: emulatorErrorsPage(frame, {
    protocol: PROTOCOL_ERROR_CODES.map((code) => ({ code, ...PROTOCOL_ERRORS[code] })),
  }),
});

export const showClock: Act = async ({ frame }, parts) => ({
  status: 200,
  page: emulatorClockPage(frame, { now: new Date(parts.clock()).toISOString(), ahead: parts.ahead?.() ?? 0, csrf: '' }),
});

const step = z.looseObject({
  advance: z.coerce
    .number()
    .int()
    .min(0)
    .max(400 * 86_400),
});

/** INTERFACE: `POST /emulador/reloj` with `{"advance": seconds}`; never back. */
export const moveClock: Act = async ({ body }, parts) => {
  const asked = step.safeParse({ ...(body as object) });
  if (!asked.success || !parts.advance) throw createError(400);
  await parts.advance(asked.data.advance);
  return { status: 303, to: '/emulador/reloj' };
};

/**
 * INTERFACE: `POST /emulador/rotar-claves`: other keys sign with the answer, those of before stay published. The OpenID
 * Foundation's suite, which asks for it, takes a new key of type OKP for a fault: there that one stays.
 */
export const rotateKeys: Act<EmulatorVisit> = async ({ config, refreshKeys }, parts) => {
  const algs = config.conformance ? SIGNING_ALGS.filter((alg) => alg !== 'EdDSA') : SIGNING_ALGS;
  const changes = await rotateNow(parts, algs);
  await refreshKeys();
  return { status: 200, json: { changes } };
};
