import type { RegistryFault } from '#src/domain/registry.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { toolPage } from '../../parts/tools.ts';

export type Faults = { readonly faults: readonly RegistryFault[]; readonly now: RegistryFault | undefined };

/** `/emulador/fallas`: posts `registro`, what the civil registry is like from then on. */
export function emulatorFaultsPage(frame: Frame, p: Faults): Page {
  const w = frame.words.emulator.faults;
  const body = html`
    <h2 id="registro">${w.registry}</h2>
    <p>${p.faults.length > 0 ? w.text : w.real}</p>
    <form class="faults" method="post" action="/emulador/fallas" aria-labelledby="registro">
      ${p.faults.map(
        (fault) =>
          html`<button
            class=${`boton ${fault === p.now ? 'boton-principal' : 'boton-segundo'}`}
            name="registro"
            value=${fault}
            aria-pressed=${fault === p.now ? 'true' : 'false'}
          >
            ${w.kinds[fault]}
          </button>`,
      )}
    </form>
    ${p.faults.length > 0 && html`<p class="quiet">${w.try}</p>`}
  `;
  return toolPage(frame, { tool: 'faults', body });
}
