import type { ClientChange, UriFault } from '#src/domain/client-change.ts';
import type { FeatureFault } from '#src/domain/client-features.ts';
import type { Client } from '#src/domain/client.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { exportPart } from '../../parts/export.ts';
import { factsPart, type Fact } from '../../parts/facts.ts';
import { hidden } from '../../parts/form.ts';
import { dayInWords } from '../../parts/moment.ts';
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
import { waitingList, type Undecided } from '../../parts/waiting-list.ts';

/** One site; nothing of its secrets but when they end. */
export type ShownClient = Pick<
  Client,
  | 'id'
  | 'name'
  | 'institution'
  | 'profile'
  | 'state'
  | 'auth'
  | 'scopes'
  | 'features'
  | 'redirectUris'
  | 'postLogoutRedirectUris'
> & { readonly secrets: readonly { readonly until?: number | undefined }[] };

export const clientPath = ({ id, institution }: Pick<Client, 'id' | 'institution'>): string =>
  `${ROOMS.clients}/${encodeURIComponent(institution)}/clientes/${encodeURIComponent(id)}`;

const chip = (frame: Frame, state: Client['state']): Page =>
  html`<span class=${`state state-${state === 'certified' ? 'active' : state === 'suspended' ? 'disabled' : 'invited'}`}
    >${frame.words.clients.states[state]}</span
  >`;

export type ClientsRoom = Ways & {
  readonly shell: ConsoleShell;
  readonly clients: readonly ShownClient[];
  readonly address: Address;
  readonly found: Found;
  readonly sorts: Readonly<Record<'name' | 'institution', NonNullable<Column['sort']>>>;
  readonly exporting?: { readonly kind: string; readonly text: string } | undefined;
  readonly refused?: Refusal | undefined;
};

/** The sites of an institution, or of all. */
export function clientsPage(frame: Frame, p: ClientsRoom): Page {
  const w = frame.words.clients;
  const { all: everything, filterOf } = frame.words.table;
  const { title } = frame.words.console.rooms.clients;
  const { asked } = p.address;
  const choice = (name: string, label: string, all: Readonly<Record<string, string>>) =>
    choicePart({ name, label, everything, all, chosen: asked[name] });
  const body = html`
    <p class="lead">${w.lead}</p>
    <section aria-labelledby="sitios">
      <h2 id="sitios" class="unseen">${title}</h2>
      ${filterPart(frame, {
        ...{ address: p.address, keep: ['orden'], label: filterOf(title) },
        fields: html`${wordsPart({ name: 'palabras', label: w.words, chosen: asked['palabras'] })}
        ${choice('estado', w.columns.state, w.states)} ${choice('perfil', w.columns.profile, w.profiles)}`,
      })}
      ${tablePart(frame, {
        ...{ by: 'sitios', none: w.none, found: p.found, pages: pageLinks(frame, p) },
        columns: columnsOf(w.columns, p.sorts),
        rows: p.clients.map(
          (client) =>
            html`<tr>
              <th scope="row"><a href=${clientPath(client)}>${client.name}</a></th>
              <td>${client.institution}</td>
              <td>${w.profiles[client.profile]}</td>
              <td>${chip(frame, client.state)}</td>
            </tr>`,
        ),
      })}
    </section>
    ${
      p.clients.length > 0 &&
      exportPart(frame, {
        ...{ csrf: p.shell.csrf, action: `${ROOMS.clients}/exportar`, typed: p.exporting },
        fields: { filtro: asked['palabras'], estado: asked['estado'], perfil: asked['perfil'] },
      })
    }
    <p class="ways"><a href="/">${frame.words.console.rooms.home.title}</a></p>
  `;
  return consolePage(frame, { shell: p.shell, room: 'clients', refused: p.refused, body });
}

export type ClientAct = ClientChange['what'] | 'rotate' | 'features';
/** Of an address, or of a feature by its name. */
export type ShownFault = {
  readonly fault: UriFault['fault'] | FeatureFault['fault'];
  readonly uri?: string | undefined;
};
export type ClientPage = {
  readonly shell: ConsoleShell;
  readonly client: ShownClient;
  readonly acts: readonly ClientAct[];
  readonly waiting: readonly Undecided[];
  readonly typed?: { readonly redirect: string; readonly afterwards: string } | undefined;
  /** Features that were ticked. */
  readonly ticked?: readonly string[] | undefined;
  readonly faults?: readonly ShownFault[];
  /** What was written for the act that did not pass. */
  readonly reason?: { readonly of: ClientAct; readonly kind: string; readonly text: string } | undefined;
  readonly refused?: Refusal | undefined;
};

/** One site, and what two may change of it. */
export function clientPage(frame: Frame, p: ClientPage): Page {
  const { client, shell } = p;
  const w = frame.words.clients;
  const list = (all: readonly string[]) => (all.length === 0 ? '—' : all.map((one) => html`<code>${one}</code> `));
  const secrets = client.secrets.map(({ until }) =>
    until === undefined ? w.endless : w.until(dayInWords(frame.lang, until)),
  );
  const facts: readonly Fact[] = [
    [w.rows.id, html`<code>${client.id}</code>`],
    [w.rows.institution, client.institution],
    [w.rows.profile, w.profiles[client.profile]],
    [w.rows.state, chip(frame, client.state)],
    [w.rows.auth, html`<code>${client.auth}</code>`],
    [w.rows.scopes, list(client.scopes)],
    [w.rows.secrets, secrets.join(', ') || '—'],
    [w.rows.features, client.features?.join(', ') || w.noFeatures],
    [w.rows.redirect, list(client.redirectUris)],
    [w.rows.afterwards, list(client.postLogoutRedirectUris)],
  ];
  const body = html`
    ${
      p.faults &&
      p.faults.length > 0 &&
      html`<div class="problem" role="alert">
        ${p.faults.map(({ fault, uri }) => html`<p>${w.faults[fault]} ${uri !== undefined && html`<code>${uri}</code>`}</p>`)}
      </div>`
    }
    ${factsPart(facts)}
    <p><a href=${`${clientPath(client)}/intentos`}>${frame.words.doctor.link}</a></p>
    <section aria-labelledby="propuestas">
      <h2 id="propuestas">${frame.words.console.staff.proposals}</h2>
      ${waitingList(frame, { shell, waiting: p.waiting, action: `${ROOMS.clients}/propuestas` })}
    </section>
    ${
      p.acts.length > 0 &&
      html`<section aria-labelledby="actos">
        <h2 id="actos">${frame.words.console.people.actsTitle}</h2>
        ${p.acts.map((act) => actForm(frame, p, act))}
      </section>`
    }
    <p><a href=${ROOMS.clients}>${w.back}</a></p>
  `;
  return consolePage(frame, { shell, room: 'clients', title: client.name, refused: p.refused, body });
}

/** The last part of its address. */
const WAYS: Readonly<Partial<Record<ClientAct, string>>> = { features: 'funciones' };

const HINTS = {
  features: 'featuresHint',
  certify: 'certifyHint',
  suspend: 'suspendHint',
  resume: 'resumeHint',
  rotate: 'rotateHint',
  uris: 'urisHint',
} as const;

function actForm(frame: Frame, { shell, client, typed, ticked, reason }: ClientPage, act: ClientAct): Page {
  const w = frame.words.clients;
  const area = (name: string, label: string, value: string) =>
    html`<div class="field">
      <label for=${name}>${label}</label>
      <textarea id=${name} name=${name} rows="3" maxlength="6000" spellcheck="false">${value}</textarea>
    </div>`;
  return html`<details class="act" open=${reason?.of === act}>
    <summary>${w.acts[act]}</summary>
    <form method="post" action=${`${clientPath(client)}/${WAYS[act] ?? act}`} class="form">
      ${hidden('csrf', shell.csrf)}
      <p class="hint">${w[HINTS[act]]}</p>
      ${act === 'uris' && area('retorno', w.rows.redirect, typed?.redirect ?? client.redirectUris.join('\n'))}
      ${act === 'uris' && area('despues', w.rows.afterwards, typed?.afterwards ?? client.postLogoutRedirectUris.join('\n'))}
      ${act === 'features' && featureBoxes(frame, ticked ?? client.features ?? [])}
      ${act === 'rotate' && client.secrets.length > 1 && secretChoice(frame, client)}
      ${reasonFields(frame, act, reason?.of === act ? reason : undefined)}
      <button class="boton boton-segundo">${w.acts[act]}</button>
    </form>
  </details>`;
}

/** The site may be using either of the two. */
function secretChoice({ lang, words }: Frame, { secrets }: ShownClient): Page {
  const w = words.clients.replaced;
  const until = secrets[1]?.until;
  const options = [
    ['newest', w.newest],
    ['oldest', until === undefined ? w.oldest : w.oldestUntil(dayInWords(lang, until))],
  ] as const;
  return html`<fieldset>
    <legend>${w.legend}</legend>
    ${options.map(
      ([value, label], at) =>
        html`<label class="tick"
          ><input type="radio" name="reemplaza" value=${value} required=${at === 0} /><span>${label}</span></label
        >`,
    )}
  </fieldset>`;
}

const featureBoxes = (frame: Frame, ticked: readonly string[]): Page =>
  html`<fieldset>
    <legend>${frame.words.clients.rows.features}</legend>
    ${Object.entries(frame.words.clients.featureNames).map(
      ([name, label]) =>
        html`<label class="check">
          <input type="checkbox" name=${name} value="si" checked=${ticked.includes(name)} />
          <span>${label}</span>
        </label>`,
    )}
  </fieldset>`;

/** Once, and never again (R-66). */
export function secretPage(
  frame: Frame,
  p: { readonly shell: ConsoleShell; readonly client: ShownClient; readonly secret: string },
): Page {
  const w = frame.words.clients;
  const body = html`
    <p class="lead">${w.secretLead}</p>
    ${factsPart([
      ['client_id', html`<code>${p.client.id}</code>`],
      ['client_secret', html`<code>${p.secret}</code>`],
    ])}
    <p class="ways"><a class="boton boton-principal" href=${clientPath(p.client)}>${w.secretDone}</a></p>
  `;
  return consolePage(frame, { shell: p.shell, room: 'clients', title: w.secretTitle, body });
}
