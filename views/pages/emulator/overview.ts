import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { TOOLS, toolPage, type Tool } from '../../parts/tools.ts';
import { mainWay } from '../../parts/way.ts';
import { faultsOn, type Faults } from './faults.ts';

export type Running = { readonly name: string; readonly at: string };
export type DemoClient = {
  readonly name: string;
  readonly id: string;
  readonly secret: string;
  readonly profile: string;
  readonly redirectUris: readonly string[];
};
export type EmulatorIndex = {
  /** Address of the demo site; undefined: off. */
  readonly demo?: string | undefined;
  /** Where the officers of the walk work; undefined: its people are not here. */
  readonly console?: string | undefined;
  readonly running: readonly Running[];
  readonly clients?: readonly DemoClient[] | undefined;
  readonly faults?: Faults | undefined;
};

const where = (at: string): Page =>
  /^https?:/.test(at) ? html`<a href=${at}><code>${at}</code></a>` : html`<code>${at}</code>`;

const client = (frame: Frame, p: DemoClient): Page => {
  const w = frame.words.emulator.index;
  return html`<li class="sheet">
    <h3>${p.name}</h3>
    <dl class="facts">
      <dt>client_id</dt>
      <dd><code>${p.id}</code></dd>
      <dt>${w.secret}</dt>
      <dd><code>${p.secret}</code></dd>
      <dt>${w.profile}</dt>
      <dd><code>${p.profile}</code></dd>
      <dt>${w.redirects}</dt>
      ${p.redirectUris.map((uri) => html`<dd><code>${uri}</code></dd>`)}
    </dl>
  </li>`;
};

/** From a request to a code, on one machine: who does what, and where. */
function casework({ words }: Frame, console: string): Page {
  const w = words.emulator.index.casework;
  const step = (text: string, href: string, label: string): Page =>
    html`<li>
      <p>${text}</p>
      <p><a href=${href}>${label}</a></p>
    </li>`;
  return html`<section aria-labelledby="tramite">
    <h2 id="tramite">${w.title}</h2>
    <p>${w.lead}</p>
    <ol class="trying">
      ${step(w.ask, '/obtener', w.askLink)} ${step(w.letters, TOOLS.messages, words.emulator.messages.title)}
      ${step(w.hour, TOOLS.clock, words.emulator.clock.title)} ${step(w.officer, console, w.officerLink)}
      ${step(w.desk, `${console}/meson`, w.deskLink)} ${step(w.alone, TOOLS.people, w.aloneLink)}
      ${step(w.faults, TOOLS.faults, words.emulator.faults.title)}
    </ol>
  </section>`;
}

/** Whoever has forgotten one wonders why nothing works. */
function faulty({ words }: Frame, names: readonly string[]): Page {
  const w = words.emulator.faults;
  return html`<div class="sheet on" role="status">
    <h2>${w.on}</h2>
    ${names.map((name) => html`<p class="quiet">${name}</p>`)}
    <p><a href=${TOOLS.faults}>${w.change}</a></p>
  </div>`;
}

/** `/emulador`: what runs, and the tools. */
export function emulatorIndexPage(frame: Frame, p: EmulatorIndex): Page {
  const { words } = frame;
  const w = words.emulator.index;
  const tools = (Object.keys(TOOLS) as readonly Tool[]).filter((tool) => tool !== 'index');
  const faults = p.faults ? faultsOn(words, p.faults) : [];
  const body = html`
    ${faults.length > 0 && faulty(frame, faults)}
    ${p.demo !== undefined && html`<p class="ways">${mainWay({ href: p.demo, label: words.emulator.demo })}</p>`}
    <section aria-labelledby="herramientas">
      <h2 id="herramientas">${w.tools}</h2>
      <ul class="tiles">
        ${tools.map(
          (tool) =>
            html`<li>
              <h3><a class="whole" href=${TOOLS[tool]}>${words.emulator[tool].title}</a></h3>
              <p>${words.emulator[tool].lead}</p>
            </li>`,
        )}
      </ul>
    </section>
    ${p.console !== undefined && casework(frame, p.console)}
    <section aria-labelledby="funcionando">
      <h2 id="funcionando">${w.running}</h2>
      <dl class="facts sheet">
        ${p.running.map(
          ({ name, at }) =>
            html`<dt>${name}</dt>
              <dd>${where(at)}</dd>`,
        )}
      </dl>
    </section>
    ${
      p.clients &&
      html`<section aria-labelledby="sitios">
        <h2 id="sitios">${w.clients}</h2>
        <p>${w.clientsText}</p>
        <ul class="sheets">
          ${p.clients.map((one) => client(frame, one))}
        </ul>
      </section>`
    }
  `;
  return toolPage(frame, { tool: 'index', body });
}
