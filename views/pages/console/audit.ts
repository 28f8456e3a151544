import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { chileanTime } from '../../parts/moment.ts';

export type AuditTyped = {
  readonly run: string;
  readonly kind: string;
  readonly from: string;
  readonly until: string;
  readonly reason: { readonly kind: string; readonly text: string };
};
export type LoggedLine = {
  readonly id: string;
  readonly at: number;
  readonly kind: string;
  readonly actor: string;
  readonly subject: string;
  readonly client: string;
  readonly details: string;
};
export type AuditRoom = {
  readonly shell: ConsoleShell;
  readonly kinds: readonly string[];
  readonly typed: AuditTyped;
  /** Undefined before the first search. */
  readonly lines?: readonly LoggedLine[] | undefined;
  /** There are earlier ones, before this row. */
  readonly before?: string | undefined;
  readonly refused?: Refusal | undefined;
};

/** The auditor's room. */
export function auditPage(frame: Frame, p: AuditRoom): Page {
  const w = frame.words.console;
  const { typed } = p;
  const body = html`
    <p class="lead">${w.audit.lead}</p>
    <form method="post" action=${ROOMS.audit} class="form">
      ${hidden('csrf', p.shell.csrf)}
      <div class="field">
        <label for="run">${w.audit.run}</label>
        <input id="run" name="run" value=${typed.run} autocomplete="off" data-run="" />
      </div>
      <div class="field">
        <label for="tipo">${w.audit.kind}</label>
        <select id="tipo" name="tipo">
          <option value="">${w.audit.anyKind}</option>
          ${p.kinds.map((kind) => html`<option value=${kind} selected=${kind === typed.kind}>${kind}</option>`)}
        </select>
      </div>
      <div class="pair">
        <div class="field">
          <label for="desde">${w.audit.from}</label>
          <input id="desde" name="desde" type="date" value=${typed.from} />
        </div>
        <div class="field">
          <label for="hasta">${w.audit.until}</label>
          <input id="hasta" name="hasta" type="date" value=${typed.until} />
        </div>
      </div>
      ${reasonFields(frame, 'buscar', typed.reason)}
      <button class="boton boton-principal">${w.audit.search}</button>
    </form>
    ${p.lines && found(frame, p, p.lines)}
  `;
  return consolePage(frame, { shell: p.shell, room: 'audit', refused: p.refused, body });
}

function found(frame: Frame, p: AuditRoom, lines: readonly LoggedLine[]): Page {
  const w = frame.words.console.audit;
  const { typed } = p;
  return html`<section aria-labelledby="registros">
    <h2 id="registros">${w.found}</h2>
    ${
      lines.length === 0
        ? html`<p role="status">${w.none}</p>`
        : html`<div class="table" role="group" aria-labelledby="registros" tabindex="0">
            <table>
              <thead>
                <tr>
                  ${Object.values(w.columns).map((name) => html`<th scope="col">${name}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${lines.map(
                  ({ id, at, kind, actor, subject, client, details }) =>
                    html`<tr>
                      <th scope="row">${id}</th>
                      <td>${chileanTime(frame.lang, new Date(at).toISOString())}</td>
                      <td>${kind}</td>
                      <td>${actor}</td>
                      <td>${subject}</td>
                      <td>${client}</td>
                      <td>${details}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
    ${
      p.before !== undefined &&
      html`<form method="post" action=${ROOMS.audit} class="ways">
        ${hidden('csrf', p.shell.csrf)} ${hidden('run', typed.run)} ${hidden('tipo', typed.kind)}
        ${hidden('desde', typed.from)} ${hidden('hasta', typed.until)} ${hidden('motivo', typed.reason.kind)}
        ${hidden('palabras', typed.reason.text)} ${hidden('antes', p.before)}
        <button class="boton boton-segundo">${w.more}</button>
      </form>`
    }
  </section>`;
}
