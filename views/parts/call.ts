import type { CallStage, Side } from '#src/domain/room.ts';
import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import type { Words } from '../words.ts';

export type CallPart = {
  readonly side: Side;
  readonly stage: CallStage;
  /** Where its script opens the socket. */
  readonly socket: string;
  /** Her pages beside the call; the officer has the console around her. */
  readonly ways: Page;
  /** What she may do when nobody comes. */
  readonly late?: Page;
};
type Problem = keyof Words['call']['problems'];

/** Cameras, chat, and what to do when something is missing; the same for both sides. Its script is `call`. */
export function callPart({ words }: Frame, { side, stage, socket, ways, late }: CallPart): Page {
  const w = words.call;
  return html`
    <div
      class=${`call call-${side}`}
      data-call=${side}
      data-socket=${socket}
      data-stage=${stage}
      data-problem=""
      data-words=${JSON.stringify(w.said)}
    >
      <noscript><p class="problem">${w.noScript}</p></noscript>
      ${(Object.keys(w.problems) as Problem[]).map((name) => problem(w, name, ways))}
      <div data-part="room">
        <p class="call-said scripted" role="status" data-part="said">${w.coming}</p>
        ${late} ${side === 'citizen' && html`<p class="note" data-part="wait" hidden></p>`}
        <div class="call-stage">
          <video data-part="remote" autoplay playsinline hidden aria-label=${w.remote}></video>
          <div class="call-own">
            <video data-part="local" autoplay playsinline muted aria-label=${w.local}></video>
            <span aria-hidden="true">${w.you}</span>
          </div>
          <span class="call-quality" data-part="quality"></span>
        </div>
        <div class="call-controls" role="group" aria-label=${w.controls.nav}>
          ${switchButton('mute', w.controls.mute, w.controls.unmute)}
          ${switchButton('hide', w.controls.hide, w.controls.show)}
          <label class="call-camera" hidden>${w.controls.camera}<select data-part="camera"></select></label>
        </div>
        <details class="more call-chat" data-part="chat-box">
          <summary>${w.chat.title}</summary>
          <p class="hint" id="escribir-pista">${w.chat.hint}</p>
          <ol data-part="chat" aria-label=${w.chat.list} aria-live="polite"></ol>
          <form data-part="chat-form" class="field" method="dialog">
            <label for="escribir">${w.chat.label}</label>
            <input id="escribir" name="texto" maxlength="1000" autocomplete="off" aria-describedby="escribir-pista" />
            <button class="boton boton-segundo">${w.chat.send}</button>
          </form>
        </details>
      </div>
    </div>
  `;
}

const switchButton = (part: string, off: string, on: string): Page =>
  html`<button
    type="button"
    class="boton boton-segundo"
    data-part=${part}
    aria-pressed="false"
    data-off=${off}
    data-on=${on}
  >
    ${off}
  </button>`;

const problem = (w: Words['call'], name: Problem, ways: Page): Page => html`
  <div class="problem call-problem" role="alert" tabindex="-1" hidden data-problem-is=${name}>
    <h2 class="problem-title">${w.problems[name].title}</h2>
    <p>${w.problems[name].text}</p>
    <p class="ways">
      ${name !== 'over' && name !== 'old' && html`<button type="button" class="boton boton-principal" data-again="">${w.again}</button>`}
      ${ways}
    </p>
  </div>
`;
