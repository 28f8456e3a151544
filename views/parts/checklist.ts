import type { Action, Channel, Exception, Feature, Item, Sheet, Tick } from '#src/domain/checklist.ts';
import type { CardDifference, MrzFault } from '#src/domain/mrz.ts';
import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import type { Words } from '../words.ts';
import { caseWays, notSent } from './case-ways.ts';
import { hidden } from './form.ts';
import { clockTime } from './moment.ts';

/** A session as the officer has it before her. */
export type CaseWork = {
  readonly csrf: string;
  readonly caseId: string;
  readonly channel: Channel;
  /** The how-manieth of its case. */
  readonly session: number;
  /** Of what she sees. */
  readonly version: number;
  readonly run: string;
  readonly documento: string;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly drawn: readonly Action[];
  /** Those that are asked for here, in their order. */
  readonly items: readonly Item[];
  readonly features: readonly { readonly name: Feature; readonly kind: keyof Words['checks']['featureKinds'] }[];
  readonly sheet: Sheet;
  readonly registry:
    | {
        readonly says: keyof Words['checks']['registry']['says'];
        /** Milliseconds. */
        readonly at: number;
        readonly name?: string | undefined;
        readonly birthdate?: string | undefined;
      }
    | undefined;
  readonly exceptions: readonly { readonly kind: Exception; readonly granted: boolean }[];
  /** Of the last try to approve. */
  readonly missing?: readonly Item[];
  readonly mrzFault?: MrzFault | undefined;
  readonly differences?: readonly CardDifference[];
  readonly problem?: Exclude<keyof Words['checks']['problems'], ProblemWords> | undefined;
  readonly saved?: boolean;
  /** An exception that was asked for, and not understood. */
  readonly excepting?:
    { readonly kind: Exception; readonly words: string; readonly email: string; readonly phone: string } | undefined;
};
type ProblemWords =
  'title' | 'notAsked' | 'notSent' | 'notSentWhy' | 'notSentLink' | 'missing' | 'card' | 'freshLink' | 'freshThen';

/** The officer's part of a session: the same by video and at the desk. Its script sends the forms without leaving the page. */
export function checklistPart(frame: Frame, work: CaseWork): Page {
  const w = frame.words.checks;
  const action = `/casos/${work.caseId}`;
  return html`
    <section id="revision" class="revision" aria-labelledby="revision-titulo" data-in-place="revision">
      <h2 id="revision-titulo">${w.title}</h2>
      ${askedFor(frame, work)} ${problems(frame, work)} ${notSent(frame, work)}
      ${work.saved === true && html`<p class="note" role="status" data-focus="" tabindex="-1">${w.saved}</p>`}
      ${registryPart(frame, work)}
      <form method="post" action=${`${action}/revision`} class="checks">
        ${hidden('csrf', work.csrf)} ${hidden('vista', String(work.version))}
        ${work.items.map((item, index) => step(frame, work, { item, index }))}
        ${work.channel === 'office' && html`<p class="note">${w.biometrics}</p>`}
        <div class="ways">
          <button class="boton boton-principal" name="acto" value="aprobar">${w.approve[work.channel]}</button>
          <button class="boton boton-segundo" name="acto" value="guardar">${w.save}</button>
        </div>
      </form>
      ${caseWays(frame, work)}
    </section>
  `;
}

function askedFor({ words }: Frame, work: CaseWork): Page {
  const w = words.checks;
  const facts = [
    [w.asked.run, work.run],
    [w.asked.documento, work.documento],
    [w.asked.email, work.email ?? w.none],
    [w.asked.phone, work.phone ?? w.none],
    [w.asked.session, w.session(work.session)],
  ] as const;
  return html`<dl class="facts case-facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** What stands in the way, each with a link to where it is mended. */
function problems({ words }: Frame, work: CaseWork): Page | undefined {
  const w = words.checks;
  const { missing = [], differences = [], mrzFault, problem } = work;
  if (missing.length + differences.length === 0 && mrzFault === undefined && problem === undefined) return undefined;
  return html`
    <div class="problem" role="alert" tabindex="-1" data-focus="">
      <p class="problem-title">
        ${problem === 'malformed' || problem === 'waiting' ? w.problems.notAsked : w.problems.title}
      </p>
      ${problem !== undefined && html`<p>${w.problems[problem]}</p>`}
      ${
        problem === 'fresh' &&
        html`<p>
          <a href=${`/casos/${work.caseId}/llave`} target="_blank" rel="noopener">${w.problems.freshLink}</a>.${' '}
          ${w.problems.freshThen}
        </p>`
      }
      <ul>
        ${missing.map((item) => html`<li><a href=${`#paso-${item}`}>${w.items[item]}</a></li>`)}
        ${mrzFault !== undefined && html`<li><a href="#mrz">${w.mrzFaults[mrzFault]}</a></li>`}
        ${differences.map((what) => html`<li><a href="#mrz">${w.differences[what]}</a></li>`)}
      </ul>
    </div>
  `;
}

function registryPart({ lang, words }: Frame, work: CaseWork): Page {
  const w = words.checks.registry;
  const { registry } = work;
  return html`
    <form method="post" action=${`/casos/${work.caseId}/registro`} class="panel registry" aria-labelledby="registro">
      ${hidden('csrf', work.csrf)}
      <h3 id="registro">${w.title}</h3>
      ${
        registry
          ? html`<p class=${registry.says === 'good' ? 'good' : 'bad'}>
                <strong>${w.says[registry.says]}</strong> <span class="soft">${clockTime(lang, registry.at)}</span>
              </p>
              ${registry.name !== undefined && html`<p>${w.name}: <strong>${registry.name}</strong></p>`}
              ${registry.birthdate !== undefined && html`<p>${w.birthdate}: <strong>${registry.birthdate}</strong></p>`}`
          : html`<p class="soft">${w.notYet}</p>`
      }
      <button class="boton boton-segundo">${registry ? w.again : w.ask}</button>
    </form>
  `;
}

type Step = { readonly item: Item; readonly index: number };

function step(frame: Frame, work: CaseWork, { item, index }: Step): Page {
  const w = frame.words.checks;
  const lacks = work.missing?.includes(item) === true;
  return html`
    <fieldset id=${`paso-${item}`} class=${lacks ? 'stage stage-missing' : 'stage'} tabindex="-1">
      <legend><span class="check-number">${index + 1}</span> ${w.items[item]}</legend>
      ${inside(frame, work, item)}
    </fieldset>
  `;
}

/** The words name all that can be ticked: a missing one would not compile. */
const keysOf = <K extends string>(words: Readonly<Record<K, string>>) => Object.keys(words) as K[];

const tick = ({ sheet }: CaseWork, name: Tick, label: string | Page): Page => html`
  <label class="tick"
    ><input type="checkbox" name=${name} value="si" checked=${sheet.ticks.includes(name)} /><span>${label}</span></label
  >
`;

function inside(frame: Frame, work: CaseWork, item: Item): Page {
  const w = frame.words.checks;
  switch (item) {
    case 'consent':
    case 'in-view':
    case 'picture':
    case 'read-back':
      return tick(work, item, w.ticks[item]);
    case 'actions':
      return html`<p class="hint">${w.actionsLead}</p>
        <ol class="ticks-list">
          ${work.drawn.map((action) => html`<li>${tick(work, `action-${action}`, w.actions[action])}</li>`)}
        </ol>`;
    case 'features':
      return features(frame, work);
    case 'document':
      return card(frame, work);
    case 'likeness':
      return html`<p class="hint">${w.likenessLead}</p>
        <div class="tick-row">
          ${keysOf(w.likeness).map((what) => tick(work, `likeness-${what}`, w.likeness[what]))}
        </div>`;
    case 'coercion':
      return html`<p>${w.coercion.legend}</p>
        ${(['none', 'signs'] as const).map(
          (value) =>
            html`<label class="tick">
              <input type="radio" name="coercion" value=${value} checked=${work.sheet.coercion === value} />
              <span>${w.coercion[value]}</span>
            </label>`,
        )}
        ${work.sheet.coercion === 'signs' && html`<p class="note">${w.coercion.what}</p>`}`;
  }
}

function features({ words }: Frame, work: CaseWork): Page {
  const w = words.checks;
  return html`
    <p class="hint">${work.channel === 'video' ? w.featuresVideo : w.featuresOffice}</p>
    <div class="tick-row">
      ${work.features.map(({ name, kind }) =>
        tick(work, `feature-${name}`, html`${w.features[name]} <span class="soft">(${w.featureKinds[kind]})</span>`),
      )}
    </div>
  `;
}

function card({ words }: Frame, { sheet, ...work }: CaseWork): Page {
  const w = words.checks;
  const wrong = work.mrzFault !== undefined || (work.differences?.length ?? 0) > 0;
  return html`
    <div class="field">
      <label for="mrz">${w.mrz}</label>
      <p class="hint" id="mrz-pista">${w.mrzHint}</p>
      ${work.mrzFault !== undefined && html`<p class="field-problem" id="mrz-problema">${w.mrzFaults[work.mrzFault]}</p>`}
      <textarea
        id="mrz"
        name="mrz"
        rows="3"
        maxlength="300"
        class="mrz"
        spellcheck="false"
        autocomplete="off"
        autocapitalize="characters"
        aria-describedby=${work.mrzFault === undefined ? 'mrz-pista' : 'mrz-problema mrz-pista'}
        aria-invalid=${wrong ? 'true' : undefined}
      >
${sheet.mrz}</textarea>
    </div>
    <div class="field field-short">
      <label for="issued">${w.issued}</label>
      <input id="issued" name="issued" type="date" value=${sheet.issued} />
    </div>
    <p class="hint">${w.printedLead}</p>
    <div class="tick-row">
      ${keysOf(w.printed).map((what) => tick({ ...work, sheet }, `printed-${what}`, w.printed[what]))}
    </div>
  `;
}
