import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { otherWay } from '../../parts/way.ts';

export type CallTest = {
  readonly here: string;
  /** The way of the call itself, relay and all. */
  readonly ice: unknown;
};
const TRIES = ['camera', 'microphone', 'way'] as const;

/** The day before: whether all that the call needs is there. Nothing of it leaves the device but to our relay. */
export function callTestPage(frame: Frame, { here, ice }: CallTest): Page {
  const all = frame.words.call;
  const w = all.test;
  const main = html`
    <div class="card" data-call-test="" data-ice=${JSON.stringify(ice)}>
      <h1>${w.title}</h1>
      <p class="lead">${w.lead}</p>
      <noscript><p class="problem">${all.noScript}</p></noscript>
      <p>${w.asks}</p>
      <div class="stack">
        <button type="button" class="boton boton-principal" data-part="begin" disabled>${w.begin}</button>
      </div>
      <p class="quiet scripted" role="status" data-part="coming">${all.coming}</p>
      <section data-part="tries" aria-labelledby="resultado" hidden>
        <h2 id="resultado" tabindex="-1">${w.results}</h2>
        <video
          class="call-preview"
          data-part="preview"
          autoplay
          playsinline
          muted
          hidden
          aria-label=${w.preview}
        ></video>
        <dl class="call-tries" aria-live="polite">
          ${TRIES.map(
            (name) =>
              html`<div data-try=${name} data-good=${w[name].good} data-bad=${w[name].bad} data-trying=${w.trying}>
                <dt>${w[name].title}</dt>
                <dd data-verdict=""></dd>
                ${name === 'microphone' && html`<dd><meter data-part="level" min="0" max="100" hidden aria-label=${w.level}></meter></dd>`}
                <dd class="hint" data-help=${name} hidden>${w[name].help}</dd>
              </div>`,
          )}
        </dl>
      </section>
      <div class="stack">${otherWay({ href: here, label: w.back })}</div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, sheet: 'call', scripts: ['call-test'] });
}
