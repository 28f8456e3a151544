import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { hidden } from '../../parts/form.ts';
import { chileanTime } from '../../parts/moment.ts';
import { toolPage } from '../../parts/tools.ts';

/** `now` is the application's time as an ISO instant; `ahead` how many seconds it runs before the real one. */
export type Clock = { readonly now: string; readonly ahead: number; readonly csrf: string };

const STEPS = [300, 1800, 7200, 86400] as const;

/** `/emulador/reloj`: posts `advance` in seconds. */
export function emulatorClockPage(frame: Frame, p: Clock): Page {
  const { lang, words } = frame;
  const w = words.emulator.clock;
  const body = html`
    <div class="sheet clock">
      <p class="quiet">${w.now}</p>
      <p class="clock-now"><time datetime=${p.now}>${chileanTime(lang, p.now)}</time></p>
      <p class="tag">${p.ahead > 0 ? w.ahead(words.time.in(p.ahead)) : w.onTime}</p>
    </div>
    <h2>${w.advance}</h2>
    <form class="clock-steps" method="post" action="/emulador/reloj">
      ${hidden('csrf', p.csrf)}
      ${STEPS.map(
        (step) =>
          html`<button class="boton boton-segundo" name="advance" value=${step}>
            <span aria-hidden="true">+ </span>${w.steps[step]}
          </button>`,
      )}
    </form>
  `;
  return toolPage(frame, { tool: 'clock', body });
}
