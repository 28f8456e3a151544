import type { MailFault, SiteFault } from '#src/domain/emulator-fault.ts';
import type { RegistryFault } from '#src/domain/registry.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { toolPage } from '../../parts/tools.ts';
import type { Words } from '../../words.ts';

/** What things are like now; undefined: somebody else's, there is nothing to switch. */
export type Faults = {
  readonly sites: SiteFault | undefined;
  readonly mail: MailFault | undefined;
  readonly registry: RegistryFault | undefined;
};

/** The names of the faults that are on. */
export function faultsOn({ emulator }: Words, { sites, mail, registry }: Faults): readonly string[] {
  const { faults: w } = emulator;
  return [
    ...(sites === undefined || sites === 'none' ? [] : [w.sites.kinds[sites]]),
    ...(mail === undefined || mail === 'none' ? [] : [`${w.mail.title} · ${w.mail.kinds[mail]}`]),
    ...(registry === undefined || registry === 'none' ? [] : [`${w.registry.title} · ${w.registry.kinds[registry]}`]),
  ];
}

type Choices = {
  /** Of the field that is posted. */
  readonly name: 'sitios' | 'correo' | 'registro';
  readonly title: string;
  readonly text: string;
  readonly kinds: Readonly<Record<string, string>>;
  /** What comes of it, where the name does not say so. */
  readonly effects?: Readonly<Record<string, string>> | undefined;
  readonly now: string;
};

function choices({ name, title, text, kinds, effects, now }: Choices): Page {
  const one = ([fault, label]: readonly [string, string]) => {
    const effect = effects?.[fault];
    const id = `${name}-${fault}`;
    return html`<li>
      <button
        class=${`boton ${fault === now ? 'boton-principal' : 'boton-segundo'}`}
        name=${name}
        value=${fault}
        aria-pressed=${fault === now ? 'true' : 'false'}
        aria-describedby=${effect === undefined ? undefined : id}
      >
        ${label}
      </button>
      ${effect !== undefined && html`<p class="quiet" id=${id}>${effect}</p>`}
    </li>`;
  };
  return html`<section aria-labelledby=${name}>
    <h2 id=${name}>${title}</h2>
    <p>${text}</p>
    <form method="post" action="/emulador/fallas" aria-labelledby=${name}>
      <ul class="faults">
        ${Object.entries(kinds).map(one)}
      </ul>
    </form>
  </section>`;
}

const elsewhere = (id: string, { title, real }: { readonly title: string; readonly real: string }): Page =>
  html`<section aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>
    <p>${real}</p>
  </section>`;

/** `/emulador/fallas`: posts `sitios`, `correo` or `registro`, what that is like from then on. */
export function emulatorFaultsPage(frame: Frame, { sites, mail, registry }: Faults): Page {
  const w = frame.words.emulator.faults;
  const fields = [
    { name: 'sitios', kinds: w.sites.kinds, now: sites },
    { name: 'correo', kinds: w.mail.kinds, now: mail },
    { name: 'registro', kinds: w.registry.kinds, now: registry },
  ].filter(({ now }) => now !== undefined);
  const body = html`
    ${sites !== undefined && choices({ ...w.sites, name: 'sitios', now: sites })}
    ${mail === undefined ? elsewhere('correo', w.mail) : choices({ ...w.mail, name: 'correo', now: mail })}
    ${
      registry === undefined
        ? elsewhere('registro', w.registry)
        : choices({ ...w.registry, name: 'registro', now: registry })
    }
    <section aria-labelledby="programas">
      <h2 id="programas">${w.programs.title}</h2>
      <p>${w.programs.text}</p>
      <ul class="fault-names">
        ${fields.map(({ name, kinds }) => html`<li><code>${`${name}: ${Object.keys(kinds).join(' | ')}`}</code></li>`)}
      </ul>
    </section>
  `;
  return toolPage(frame, { tool: 'faults', body });
}
