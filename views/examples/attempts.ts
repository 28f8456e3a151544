import type { Attempt, AttemptStep } from '#src/domain/site-attempt.ts';
import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { attemptPage, attemptsPage } from '../pages/console/attempts.ts';
import type { ConsoleShell } from '../parts/console.ts';

/** 16 May 2026, 14:03 in Chile. */
const now = Date.UTC(2026, 4, 16, 18, 3);
const shell: ConsoleShell = {
  ...{ csrf: 'example', name: 'Rosa Elena Muñoz Tapia', roles: ['institution'], rooms: ['home', 'clients'], now },
};
const client = {
  ...{ id: 'demo-municipio', name: 'Municipalidad de Valdivia', institution: 'Municipalidad de Valdivia' },
};
const registered = 'https://tramites.municipio.example/ingreso/vuelta';
const FORM = 'application/x-www-form-urlencoded';
const NAMES = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge'];

const asked: AttemptStep = {
  ...{ at: now - 95_000, kind: 'authorize', outcome: 'page', faults: ['missing-nonce'], method: 'GET', sent: NAMES },
  ...{ redirectUri: { sent: registered, differs: [] }, pkce: 'S256', scope: 'openid run profile salud' },
  dropped: ['salud'],
};
const returned: AttemptStep = {
  ...{ at: now - 62_000, kind: 'return', outcome: 'code', faults: [], method: 'GET', sent: NAMES },
};
const exchange: AttemptStep = {
  ...{ at: now - 60_000, kind: 'token', outcome: 'done', faults: [], method: 'POST', contentType: FORM },
  ...{ sent: ['redirect_uri', 'grant_type', 'code', 'code_verifier'] },
  auth: { seen: 'basic', registered: 'client_secret_basic' },
};
const again: AttemptStep = {
  ...exchange,
  ...{ at: now - 1_000, outcome: 'error', faults: ['code-used'], error: 'invalid_grant' },
  description: 'grant request is invalid',
};
const mismatch: AttemptStep = {
  ...asked,
  ...{ at: now - 4000_000, outcome: 'error', faults: ['unknown-redirect-uri'], error: 'invalid_redirect_uri' },
  description: 'redirect_uri did not match any of the client’s registered redirect_uris',
  redirectUri: {
    ...{ sent: `http${registered.slice(5)}/?de=…`, registered, differs: ['scheme', 'slash', 'query'] },
    pieces: {
      sent: [
        { text: `http${registered.slice(5)}`, differs: false },
        { text: '/', differs: true },
        { text: '?de=…', differs: true },
      ],
      registered: [
        { text: 'http', differs: false },
        { text: 's', differs: true },
        { text: registered.slice(5), differs: false },
      ],
    },
  },
};

const twice: Attempt = {
  ...{ id: '9', at: now - 1_000, state: 'failed', faults: ['code-used', 'missing-nonce'] },
  steps: [asked, returned, exchange, again],
};
const wrong: Attempt = {
  ...{ id: '7', at: now - 4000_000, state: 'failed', faults: ['unknown-redirect-uri'], steps: [mismatch] },
};
const good: Attempt = {
  ...{ id: '5', at: now - 9000_000, state: 'done', faults: [], steps: [{ ...asked, faults: [] }, returned, exchange] },
};

const inside = (frame: Frame): Frame => ({ ...frame, place: 'console' });

/** The integration doctor. */
export const attemptPages: Readonly<Record<string, (frame: Frame) => Page>> = {
  'console-attempts': (frame) =>
    attemptsPage(inside(frame), {
      ...{ shell, client },
      attempts: [twice, wrong, good, { ...good, id: '3', state: 'open', steps: [{ ...asked, faults: [] }] }],
    }),
  'console-attempts-none': (frame) => attemptsPage(inside(frame), { shell, client, attempts: [] }),
  'console-attempt': (frame) => attemptPage(inside(frame), { shell, client, attempt: twice }),
  'console-attempt-redirect': (frame) => attemptPage(inside(frame), { shell, client, attempt: wrong }),
};
