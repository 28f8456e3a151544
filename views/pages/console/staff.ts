import type { Agency, Role, StaffState } from '#src/domain/roles.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { exportPart } from '../../parts/export.ts';
import { waitingList, type Undecided } from '../../parts/waiting-list.ts';
import { dayInWords, inPlainWords } from '../../parts/moment.ts';
import {
  choicePart,
  columnsOf,
  filterPart,
  pageLinks,
  tablePart,
  wordsPart,
  type Address,
  type Column,
  type Found,
  type Ways,
} from '../../parts/table.ts';

export type Member = {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly agency: Agency | undefined;
  /** Office or institution. */
  readonly where: string | undefined;
  readonly state: StaffState;
  readonly seenAt: number | undefined;
  readonly trainedAt: number | undefined;
  readonly isMe: boolean;
  readonly may: { readonly train: boolean; readonly disable: boolean };
};
export type StaffList = Ways & {
  readonly address: Address;
  readonly found: Found;
  readonly sorts: Readonly<Record<'where' | 'seen' | 'training', NonNullable<Column['sort']>>>;
  /** She sees those of all. */
  readonly agencies: boolean;
};
export type StaffRoom = {
  readonly shell: ConsoleShell;
  readonly members: readonly Member[];
  readonly waiting: readonly Undecided[];
  readonly list: StaffList;
  readonly mayInvite: boolean;
  readonly mayExport: boolean;
  readonly exporting?: Invitation['typed']['reason'] | undefined;
  readonly refused?: Refusal | undefined;
};

/** Who works here, and what waits for a second person. */
export function staffPage(frame: Frame, p: StaffRoom): Page {
  const w = frame.words.console;
  const body = html`
    ${
      p.mayInvite &&
      html`<p class="ways"><a class="boton boton-principal" href=${`${ROOMS.staff}/invitar`}>${w.staff.invite}</a></p>`
    }
    <section aria-labelledby="propuestas">
      <h2 id="propuestas">${w.staff.proposals}</h2>
      ${waitingList(frame, p)}
    </section>
    <section aria-labelledby="personas">
      <h2 id="personas">${w.staff.people}</h2>
      ${filter(frame, p.list)} ${members(frame, p)}
      ${
        p.mayExport &&
        p.members.length > 0 &&
        exportPart(frame, {
          ...{ csrf: p.shell.csrf, action: `${ROOMS.staff}/exportar` },
          ...{ fields: { ...p.list.address.asked, orden: undefined }, typed: p.exporting },
        })
      }
    </section>
  `;
  return consolePage(frame, { shell: p.shell, room: 'staff', refused: p.refused, body });
}

function filter(frame: Frame, { address, agencies }: StaffList): Page {
  const w = frame.words.console;
  const { asked } = address;
  const { all: everything, filterOf } = frame.words.table;
  const { columns } = w.staff;
  const choice = (name: string, label: string, all: Readonly<Record<string, string>>) =>
    choicePart({ name, label, everything, all, chosen: asked[name] });
  return filterPart(frame, {
    ...{ address, keep: ['orden'], label: filterOf(w.staff.people) },
    fields: html`${choice('funcion', columns.roles, w.roles)} ${choice('estado', columns.state, w.states)}
    ${agencies && choice('agencia', w.staff.agency, w.agencies)}
    ${wordsPart({ name: 'donde', label: w.staff.office, chosen: asked['donde'] })}`,
  });
}

function members(frame: Frame, p: StaffRoom): Page {
  const { lang, words } = frame;
  const w = words.console;
  const ago = (at: number | undefined) =>
    at === undefined ? w.staff.never : inPlainWords({ lang, words, at, now: p.shell.now });
  return tablePart(frame, {
    ...{ by: 'personas', none: w.staff.none, found: p.list.found, pages: pageLinks(frame, p.list) },
    columns: columnsOf(w.staff.columns, p.list.sorts),
    rows: p.members.map(
      ({ id, name, roles, agency, where, state, seenAt, trainedAt, isMe, may }) =>
        html`<tr>
          <th scope="row">${name}${isMe && html` <span class="soft">(${w.staff.me})</span>`}</th>
          <td>${roles.map((role) => w.roles[role]).join(', ')}</td>
          <td>${[agency && w.agencies[agency], where].filter(Boolean).join(', ')}</td>
          <td><span class=${`state state-${state}`}>${w.states[state]}</span></td>
          <td>${ago(seenAt)}</td>
          <td>${trainedAt === undefined ? w.staff.never : dayInWords(lang, trainedAt)}</td>
          <td>
            <div class="acts">
              ${
                may.train &&
                html`<form method="post" action=${`${ROOMS.staff}/${id}/capacitar`}>
                  ${hidden('csrf', p.shell.csrf)}<button class="boton-texto">${w.staff.train}</button>
                </form>`
              }
              ${may.disable && html`<a href=${`${ROOMS.staff}/${id}/deshabilitar`}>${w.staff.disable}</a>`}
            </div>
          </td>
        </tr>`,
    ),
  });
}

export type Invitation = {
  readonly shell: ConsoleShell;
  /** Their names. */
  readonly offices: readonly string[];
  /** Those that she may propose. */
  readonly roles: readonly Role[];
  readonly typed: {
    readonly run: string;
    readonly roles: readonly string[];
    readonly agency: string;
    readonly office: string;
    readonly institution: string;
    readonly reason: { readonly kind: string; readonly text: string };
  };
  readonly refused?: Refusal | undefined;
};

/** An invitation, or new roles for somebody who is here already. */
export function invitePage(frame: Frame, { shell, offices, roles, typed, refused }: Invitation): Page {
  const w = frame.words.console;
  const body = html`
    <p class="lead">${w.staff.inviteLead}</p>
    <form method="post" action=${`${ROOMS.staff}/invitar`} class="form">
      ${hidden('csrf', shell.csrf)}
      <div class="field">
        <label for="run">${w.staff.run}</label>
        <input id="run" name="run" value=${typed.run} autocomplete="off" data-run="" required />
      </div>
      <fieldset>
        <legend>${w.staff.roles}</legend>
        ${roles.map(
          (role) =>
            html`<label class="check">
              <input type="checkbox" name=${role} value="si" checked=${typed.roles.includes(role)} />
              <span>${w.roles[role]}</span>
            </label>`,
        )}
      </fieldset>
      <div class="field">
        <label for="agencia">${w.staff.agency}</label>
        <select id="agencia" name="agencia">
          <option value="">${w.staff.noAgency}</option>
          ${Object.entries(w.agencies).map(
            ([agency, name]) => html`<option value=${agency} selected=${agency === typed.agency}>${name}</option>`,
          )}
        </select>
      </div>
      <div class="field">
        <label for="oficina">${w.staff.office}</label>
        <p class="hint" id="oficina-pista">${w.staff.officeHint}</p>
        <input
          id="oficina"
          name="oficina"
          value=${typed.office}
          maxlength="120"
          list="oficinas"
          autocomplete="off"
          aria-describedby="oficina-pista"
        />
        <datalist id="oficinas">${offices.map((name) => html`<option value=${name}></option>`)}</datalist>
      </div>
      ${
        roles.includes('institution') &&
        html`<div class="field">
          <label for="institucion">${w.staff.institution}</label>
          <input id="institucion" name="institucion" value=${typed.institution} maxlength="120" />
        </div>`
      }
      ${reasonFields(frame, 'invitar', typed.reason)}
      <button class="boton boton-principal">${w.staff.propose}</button>
    </form>
  `;
  return consolePage(frame, { shell, room: 'staff', title: w.staff.invite, refused, body });
}

export type Disabling = {
  readonly shell: ConsoleShell;
  readonly id: string;
  readonly name: string;
  readonly typed?: { readonly kind: string; readonly text: string } | undefined;
  readonly refused?: Refusal | undefined;
};

/** Asked once more, since it is felt at once. */
export function disablePage(frame: Frame, { shell, id, name, typed, refused }: Disabling): Page {
  const w = frame.words.console;
  const body = html`
    <p class="lead">${w.staff.disableLead}</p>
    <form method="post" action=${`${ROOMS.staff}/${id}/deshabilitar`} class="form">
      ${hidden('csrf', shell.csrf)} ${reasonFields(frame, 'deshabilitar', typed)}
      <button class="boton boton-principal">${w.staff.disable}</button>
    </form>
  `;
  return consolePage(frame, { shell, room: 'staff', title: w.staff.disableTitle(name), refused, body });
}
