import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { evidencePart, type SeenSession } from '../../parts/evidence.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';
import type { Words } from '../../words.ts';

export type SupervisionRoom = {
  readonly shell: ConsoleShell;
  readonly holds: readonly {
    readonly caseId: string;
    readonly run: string;
    readonly kinds: readonly (keyof Words['desk']['supervision']['kinds'])[];
    readonly by: string | undefined;
    readonly words: string;
    readonly at: number;
    readonly mayEnd: boolean;
  }[];
  readonly samples: readonly {
    readonly id: string;
    readonly by: string;
    readonly at: number;
    readonly seen: SeenSession;
  }[];
  readonly refused?: Refusal | undefined;
};

/** Stopped cases, and the sample of what was approved. */
export function supervisionPage(frame: Frame, p: SupervisionRoom): Page {
  const w = frame.words.desk.supervision;
  const body = html`
    <p class="lead">${w.lead}</p>
    <section aria-labelledby="detenidas">
      <h2 id="detenidas">${w.holds}</h2>
      ${
        p.holds.length === 0
          ? html`<p class="soft">${w.noHolds}</p>`
          : html`<ul class="waiting">
              ${p.holds.map((one) => hold(frame, p, one))}
            </ul>`
      }
    </section>
    <section aria-labelledby="muestra">
      <h2 id="muestra">${w.samples}</h2>
      <p class="soft">${w.samplesLead}</p>
      ${
        p.samples.length === 0
          ? html`<p class="soft">${w.noSamples}</p>`
          : html`<ul class="waiting">
              ${p.samples.map((one) => sample(frame, p, one))}
            </ul>`
      }
    </section>
  `;
  return consolePage(frame, { shell: p.shell, room: 'supervision', refused: p.refused, scripts: ['checklist'], body });
}

function hold(frame: Frame, { shell }: SupervisionRoom, one: SupervisionRoom['holds'][number]): Page {
  const { lang, words } = frame;
  const w = words.desk.supervision;
  return html`<li>
    <p><strong>${one.run}</strong>${' · '}${one.kinds.map((kind) => w.kinds[kind]).join(', ')}</p>
    <p class="soft">${one.by ?? w.unnamed}, ${inPlainWords({ lang, words, at: one.at, now: shell.now })}</p>
    ${one.words !== '' && html`<p>${one.words}</p>`}
    <p><a href=${`/casos/${one.caseId}`}>${w.open}</a></p>
    ${
      one.mayEnd &&
      html`<details class="act">
        <summary>${w.decide}</summary>
        <form method="post" action=${`${ROOMS.supervision}/detenidas/${one.caseId}`} class="form">
          ${hidden('csrf', shell.csrf)} ${reasonFields(frame, one.caseId)}
          <div class="ways">
            <button class="boton boton-principal" name="decision" value="released">${w.release}</button>
            <button class="boton boton-segundo" name="decision" value="rejected">${w.reject}</button>
          </div>
        </form>
      </details>`
    }
  </li>`;
}

function sample(frame: Frame, { shell }: SupervisionRoom, one: SupervisionRoom['samples'][number]): Page {
  const { lang, words } = frame;
  const w = words.desk.supervision;
  return html`<li>
    <p>${w.approvedBy(one.by, inPlainWords({ lang, words, at: one.at, now: shell.now }))}</p>
    <details class="act">
      <summary>${w.look}</summary>
      ${evidencePart(frame, one.seen, shell.now)}
      <form method="post" action=${`${ROOMS.supervision}/muestra/${one.id}`} class="form">
        ${hidden('csrf', shell.csrf)}
        <div class="field">
          <label for=${`palabras-${one.id}`}>${w.words}</label>
          <textarea
            id=${`palabras-${one.id}`}
            name="palabras"
            rows="2"
            minlength="10"
            maxlength="500"
            required
          ></textarea>
        </div>
        <div class="ways">
          <button class="boton boton-principal" name="dictamen" value="good">${w.good}</button>
          <button class="boton boton-segundo" name="dictamen" value="doubtful">${w.doubtful}</button>
        </div>
      </form>
    </details>
  </li>`;
}
