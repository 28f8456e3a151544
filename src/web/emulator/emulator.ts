import createError from 'http-errors';
import { z } from 'zod';
import { catalogue } from '#views/catalogue.ts';
import { emulatorCataloguePage } from '#views/pages/emulator/all-pages.ts';
import { emulatorClockPage } from '#views/pages/emulator/clock.ts';
import { emulatorMessagesPage } from '#views/pages/emulator/messages.ts';
import { emulatorIndexPage } from '#views/pages/emulator/overview.ts';
import { emulatorPeoplePage } from '#views/pages/emulator/people.ts';
import type { Config } from '../../config.ts';
import type { Parts } from '../../parts.ts';
import type { Act } from '../kit/row.ts';
import { demoList } from './people.ts';

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
  return { status: 200, page: emulatorIndexPage(frame, { demo, running, clients: demoOf(parts).clients }) };
};

export const showPeople: Act = async ({ frame, config }, parts) => {
  const signIn = (run: string) => demoAt(config, `municipio/entrar?login_hint=${encodeURIComponent(run)}`);
  const people = demoList(demoOf(parts)).map((person) => ({
    ...person,
    signInHref: person.status === 'active' ? signIn(person.run) : undefined,
  }));
  return { status: 200, page: emulatorPeoplePage(frame, { people }) };
};

export const listPeople: Act = async (_visit, parts) => ({ status: 200, json: demoList(demoOf(parts)) });

export const showMessages: Act = async ({ frame }, parts) => {
  const messages = (parts.mailbox?.list() ?? []).map(({ id, at, channel, to, subject, text }) => ({
    ...{ id, to, subject, text, at: new Date(at).toISOString() },
    channel: channel === 'email' ? ('mail' as const) : channel,
  }));
  return { status: 200, page: emulatorMessagesPage(frame, { messages }) };
};

export const listMessages: Act = async (_visit, parts) => ({
  status: 200,
  json: (parts.mailbox?.list() ?? []).map((message) => ({ ...message, at: new Date(message.at).toISOString() })),
});

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
