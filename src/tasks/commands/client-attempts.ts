import { attemptLine, mendOf } from '#views/parts/attempt.ts';
import { words } from '#views/words.ts';
import type { Attempt, AttemptStep, ShownUri } from '../../domain/site-attempt.ts';
import { siteAttempts } from '../../flows/site-attempts.ts';
import { command, Failure, table } from './command.ts';

const en = words('en');
const w = en.doctor;

/** `clave client attempts ID`: the integration doctor, as the console shows it. */
export const clientAttempts = command({
  name: 'client attempts',
  summary:
    'Shows what a state website tried lately, step by step, with the fault and the fix; the newest first. It is advice for its developers and no evidence: anybody can send requests in its name. ID is its client_id.',
  operands: ['ID'],
  run: async (given, access) => {
    const [id = ''] = given.operands;
    const { parts } = await access.ready();
    if (!(await parts.clients.byId(id))) throw new Failure(`there is no client ${id}`);
    const attempts = await siteAttempts(parts, id);
    const text = attempts.length === 0 ? 'nothing was noted in the last 7 days' : attempts.map(inText).join('\n\n');
    return { json: { client_id: id, attempts: attempts.map(inJson) }, text };
  },
});

const when = (at: number) => new Date(at).toISOString();

function inText(attempt: Attempt): string {
  const head = `${when(attempt.at)}  ${w.states[attempt.state]}: ${attemptLine(en, attempt)}`;
  return [head, ...attempt.steps.map(stepInText)].join('\n');
}

function stepInText(step: AttemptStep): string {
  const rows = [
    ...step.faults.flatMap((fault) => [
      [step.outcome === 'error' ? w.fault : w.advice, w.faults[fault].is],
      [en.errors.mend, mendOf(en, fault, step.error)],
    ]),
    ...uriRows(w.rows.redirect, step.redirectUri),
    ...uriRows(w.rows.afterwards, step.logoutUri),
    [w.rows.error, step.error],
    [w.rows.description, step.description],
    [w.rows.auth, step.auth && w.authRegistered(w.authSeen[step.auth.seen], step.auth.registered)],
    [w.rows.pkce, step.pkce],
    [w.rows.prompt, step.prompt],
    [w.rows.scope, step.scope],
    [w.rows.dropped, step.dropped?.join(' ')],
    [w.rows.sent, step.sent.join(' ')],
    [w.rows.method, step.method],
    [w.rows.contentType, step.contentType],
  ].filter((row): row is [string, string] => Boolean(row[1]));
  const said = table(rows.map(([name, value]) => [`    ${name}:`, value]));
  return `  ${when(step.at)}  ${w.steps[step.kind]}: ${w.outcomes[step.outcome]}\n${said}`;
}

function uriRows(label: string, uri: ShownUri | undefined): readonly (readonly [string, string | undefined])[] {
  if (!uri) return [];
  return [
    [label, uri.sent],
    [w.rows.registered, uri.registered],
    [w.rows.differs, uri.differs.map((part) => w.parts[part]).join('; ')],
  ];
}

/** The names of things stay as the product has them; words for people are beside. */
const inJson = ({ at, steps, ...attempt }: Attempt) => ({
  ...attempt,
  at: when(at),
  steps: steps.map(({ at: stepAt, redirectUri, logoutUri, ...step }) => ({
    ...step,
    at: when(stepAt),
    redirect_uri: uriInJson(redirectUri),
    post_logout_redirect_uri: uriInJson(logoutUri),
    advice: step.faults.map((fault) => ({ fault, ...w.faults[fault], mend: mendOf(en, fault, step.error) })),
  })),
});

const uriInJson = (uri: ShownUri | undefined) => uri && { ...uri, pieces: undefined };
