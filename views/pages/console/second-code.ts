import { html } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';

type Said = 'malformed' | 'none' | 'own' | 'tooMany';
export type SecondCode = {
  readonly shell: ConsoleShell;
  readonly run: string;
  readonly problem?: Said | Refusal | undefined;
};

const isSaid = (problem: SecondCode['problem']): problem is Said =>
  problem === 'malformed' || problem === 'none' || problem === 'own' || problem === 'tooMany';

/** The second code of who has no address, by somebody else of the office who has her card before her (R-10). */
export function secondCodePage(frame: Frame, p: SecondCode) {
  const { meson } = frame.words.desk;
  const w = meson.second;
  const said = isSaid(p.problem) ? (p.problem === 'malformed' ? meson.malformed : w[p.problem]) : undefined;
  const body = html`
    <p class="lead">${w.lead}</p>
    ${said !== undefined && html`<p class="problem" role="status" tabindex="-1" data-focus="">${said}</p>`}
    <form method="post" action=${`${ROOMS.desk}/segundo-codigo`} class="form" data-plain="">
      ${hidden('csrf', p.shell.csrf)}
      <p>${w.text}</p>
      <div class="field">
        <label for="run">${meson.run}</label>
        <input id="run" name="run" value=${p.run} autocomplete="off" data-run="" required />
      </div>
      <button class="boton boton-principal">${w.button}</button>
    </form>
    <p><a href=${ROOMS.desk}>${frame.words.checks.ended.next}</a></p>
  `;
  const refused = p.problem === undefined || isSaid(p.problem) ? undefined : p.problem;
  return consolePage(frame, { shell: p.shell, room: 'desk', title: w.title, refused, scripts: ['checklist'], body });
}
