import type { Attempt, AttemptFault, AttemptStep, ShownUri } from '#src/domain/site-attempt.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { attemptLine, mendOf } from '../../parts/attempt.ts';
import { consolePage, type ConsoleShell } from '../../parts/console.ts';
import { factsPart, type Fact } from '../../parts/facts.ts';
import { chileanTime } from '../../parts/moment.ts';
import { clientPath, type ShownClient } from './clients.ts';

type Room = { readonly shell: ConsoleShell; readonly client: Pick<ShownClient, 'id' | 'name' | 'institution'> };

export const attemptsPath = (client: Room['client']): string => `${clientPath(client)}/intentos`;

const when = (frame: Frame, at: number) => chileanTime(frame.lang, new Date(at).toISOString());

const LOOKS = { failed: 'disabled', advice: 'invited', done: 'active', open: 'active' } as const;
const chip = (frame: Frame, { state }: Attempt): Page =>
  html`<span class=${`state state-${LOOKS[state]}`}>${frame.words.doctor.states[state]}</span>`;

/** The integration doctor: what a site tried lately, one line each. */
export function attemptsPage(frame: Frame, p: Room & { readonly attempts: readonly Attempt[] }): Page {
  const { client, shell } = p;
  const w = frame.words.doctor;
  const body = html`
    <p class="lead">${w.lead}</p>
    <p class="note">${w.caution}</p>
    ${
      p.attempts.length === 0
        ? html`<p class="empty" role="status">${w.none}</p>`
        : html`<ul class="results">
            ${p.attempts.map(
              (attempt) =>
                html`<li>
                  <a href=${`${attemptsPath(client)}?intento=${attempt.id}`}
                    ><strong>${attemptLine(frame.words, attempt)}</strong>
                    <span
                      >${w.states[attempt.state]} · ${when(frame, attempt.at)} ·${' '}
                      ${w.steps[attempt.steps.at(-1)?.kind ?? 'authorize']}</span
                    ></a
                  >
                </li>`,
            )}
          </ul>`
    }
    <p><a href=${clientPath(client)}>${w.client}: ${client.name}</a></p>
  `;
  return consolePage(frame, { shell, room: 'clients', title: w.title(client.name), body });
}

/** One of them, step by step: what came, what was answered, the fault and the fix. */
export function attemptPage(frame: Frame, p: Room & { readonly attempt: Attempt }): Page {
  const { attempt, client, shell } = p;
  const w = frame.words.doctor;
  const body = html`
    <p class="lead">${client.name}: ${attemptLine(frame.words, attempt)} ${chip(frame, attempt)}</p>
    <section aria-labelledby="pasos">
      <h2 id="pasos">${w.stepsTitle}</h2>
      <ol class="attempt">
        ${attempt.steps.map((step) => html`<li>${stepPart(frame, step)}</li>`)}
      </ol>
    </section>
    <p class="note">${w.caution}</p>
    <p><a href=${attemptsPath(client)}>${w.back}</a></p>
  `;
  return consolePage(frame, { shell, room: 'clients', title: w.attempt(when(frame, attempt.at)), body });
}

function stepPart(frame: Frame, step: AttemptStep): Page {
  const w = frame.words.doctor;
  return html`
    <h3>${w.steps[step.kind]}: ${w.outcomes[step.outcome]}</h3>
    <p class="soft">${when(frame, step.at)}</p>
    ${step.faults.map((fault) => faultPart(frame, step, fault))} ${uriPart(frame, step.redirectUri, w.rows.redirect)}
    ${uriPart(frame, step.logoutUri, w.rows.afterwards)} ${factsPart(factsOf(frame, step))}
  `;
}

const faultPart = (frame: Frame, step: AttemptStep, fault: AttemptFault): Page =>
  html`<div class=${step.outcome === 'error' ? 'problem' : 'note'}>
    <p>
      <strong>${step.outcome === 'error' ? frame.words.doctor.fault : frame.words.doctor.advice}:</strong>${' '}
      ${frame.words.doctor.faults[fault].is}
    </p>
    <p><strong>${frame.words.errors.mend}:</strong> ${mendOf(frame.words, fault, step.error)}</p>
  </div>`;

/** Both addresses, one under the other; what one has and the other has not is marked, and said in words. */
function uriPart({ words: { doctor: w } }: Frame, uri: ShownUri | undefined, label: string): Page | false {
  if (!uri) return false;
  const { sent, differs, pieces } = uri;
  if (!pieces) return factsPart([[label, html`<code>${sent}</code>`]]);
  const marked = (all: typeof pieces.sent) =>
    html`<code>${all.map((piece) => (piece.differs ? html`<mark>${piece.text}</mark>` : piece.text))}</code>`;
  return factsPart([
    [label, marked(pieces.sent)],
    [w.rows.registered, marked(pieces.registered)],
    [w.rows.differs, differs.map((part) => w.parts[part]).join('; ')],
  ]);
}

function factsOf({ words: { doctor: w } }: Frame, step: AttemptStep): readonly Fact[] {
  const { rows } = w;
  const code = (text: string | undefined) => text && html`<code>${text}</code>`;
  const codes = (all: readonly string[] = []) =>
    all.length === 0 ? undefined : all.map((one) => html`<code>${one}</code> `);
  return [
    [rows.error, code(step.error)],
    [rows.description, code(step.description)],
    [rows.auth, step.auth && w.authRegistered(w.authSeen[step.auth.seen], step.auth.registered)],
    [rows.pkce, step.pkce === 'none' ? w.noPkce : code(step.pkce)],
    [rows.prompt, code(step.prompt)],
    [rows.scope, code(step.scope)],
    [rows.dropped, codes(step.dropped)],
    [rows.sent, codes(step.sent)],
    [rows.method, code(step.method)],
    [rows.contentType, code(step.contentType)],
  ];
}
