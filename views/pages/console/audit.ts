import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { exportPart } from '../../parts/export.ts';
import { chileanTime } from '../../parts/moment.ts';
import { tablePart, wordsPart, type Found } from '../../parts/table.ts';

export type AuditTyped = {
  readonly run: string;
  /** RUN of the member of staff. */
  readonly actor: string;
  /** A help code, or the id of a request. */
  readonly request: string;
  readonly oldestFirst: boolean;
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
  readonly found?: Found | undefined;
  readonly refused?: Refusal | undefined;
};

/** The auditor's room. */
export function auditPage(frame: Frame, p: AuditRoom): Page {
  const w = frame.words.console;
  const body = html`
    <p class="lead">${w.audit.lead}</p>
    ${auditForm(frame, p)} ${p.lines && found(frame, p, p.lines)}
  `;
  return consolePage(frame, { shell: p.shell, room: 'audit', refused: p.refused, body });
}

/** A RUN stands in no address: so it is a form that is sent. */
export function auditForm(frame: Frame, p: Pick<AuditRoom, 'shell' | 'kinds' | 'typed'>): Page {
  const w = frame.words.console.audit;
  const { typed } = p;
  const run = (id: string, label: string, value: string) =>
    html`<div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} name=${id} value=${value} autocomplete="off" data-run="" />
    </div>`;
  const day = (id: string, label: string, value: string) =>
    html`<div class="field">
      <label for=${id}>${label}</label>
      <input id=${id} name=${id} type="date" value=${value} />
    </div>`;
  return html`<form method="post" action=${ROOMS.audit} class="form">
    ${hidden('csrf', p.shell.csrf)} ${run('run', w.run, typed.run)} ${run('funcionario', w.actor, typed.actor)}
    <div class="field">
      <label for="tipo">${w.kind}</label>
      <select id="tipo" name="tipo">
        <option value="">${w.anyKind}</option>
        ${p.kinds.map((kind) => html`<option value=${kind} selected=${kind === typed.kind}>${kind}</option>`)}
      </select>
    </div>
    ${wordsPart({ name: 'solicitud', label: w.request, chosen: typed.request })}
    <div class="pair">${day('desde', w.from, typed.from)} ${day('hasta', w.until, typed.until)}</div>
    <div class="field">
      <label for="orden">${w.order}</label>
      <select id="orden" name="orden">
        <option value="">${w.newest}</option>
        <option value="antiguos" selected=${typed.oldestFirst}>${w.oldest}</option>
      </select>
    </div>
    ${reasonFields(frame, 'buscar', typed.reason)}
    <button class="boton boton-principal">${w.search}</button>
  </form>`;
}

const fieldsOf = ({ run, actor, kind, request, from, until, oldestFirst }: AuditTyped) => ({
  ...{ run, funcionario: actor, tipo: kind, solicitud: request, desde: from, hasta: until },
  orden: oldestFirst ? 'antiguos' : '',
});

function found(frame: Frame, p: AuditRoom, lines: readonly LoggedLine[]): Page {
  const w = frame.words.console.audit;
  const { typed, shell } = p;
  const fields = fieldsOf(typed);
  const now = typed.oldestFirst ? 'ascending' : 'descending';
  const more = (before: string) =>
    html`<form method="post" action=${ROOMS.audit} class="pages">
      ${hidden('csrf', shell.csrf)} ${Object.entries(fields).map(([name, value]) => hidden(name, value))}
      ${hidden('motivo', typed.reason.kind)} ${hidden('palabras', typed.reason.text)} ${hidden('antes', before)}
      <button class="boton boton-segundo">${frame.words.table.after}</button>
    </form>`;
  return html`<section aria-labelledby="registros">
    <h2 id="registros">${w.found}</h2>
    ${tablePart(frame, {
      ...{ by: 'registros', none: w.none, found: p.found, pages: p.before !== undefined && more(p.before) },
      columns: Object.entries(w.columns).map(([name, title]) => ({ title, ...(name === 'at' && { sort: { now } }) })),
      rows: lines.map(
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
      ),
    })}
    ${lines.length > 0 && exportPart(frame, { csrf: shell.csrf, action: `${ROOMS.audit}/exportar`, fields })}
  </section>`;
}
