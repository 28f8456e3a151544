import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { codeField } from '../../parts/fields.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { waitSummary } from '../../parts/wait.ts';

type Channel = 'email' | 'sms';
type SecondWay = Channel | 'print';
export type ActivationConfirm = {
  readonly csrf: string;
  /** `print`: another officer gave it to her on paper. */
  readonly channel: SecondWay;
  /** As much of it as its owner recognises. */
  readonly to: string;
  readonly other?: { readonly channel: Channel; readonly to: string } | undefined;
  readonly sent?: boolean | undefined;
  readonly problem?: { readonly kind: 'refused' } | { readonly kind: 'wait'; readonly seconds: number } | undefined;
};

/** The second code, from her own mailbox or telephone (R-10). */
export function activationConfirmPage(frame: Frame, p: ActivationConfirm): Page {
  const { words } = frame;
  const w = words.activation.confirm;
  const refused = p.problem?.kind === 'refused';
  const send = (channel: Channel, label: string): Page => html`
    <form method="post" action="/activar/confirmar" novalidate>
      ${hidden('csrf', p.csrf)}
      <button class="boton-texto" name="canal" value=${channel}>${label}</button>
    </form>
  `;
  const main = html`
    <div class="card">
      <h1>${w.title[p.channel]}</h1>
      ${p.sent === true && p.problem === undefined && html`<p class="note" role="status">${w.sent}</p>`}
      ${
        p.problem === undefined
          ? html`<p>${w.text[p.channel](p.to)}</p>`
          : p.problem.kind === 'wait'
            ? waitSummary(words, p.problem.seconds)
            : problemSummary({ ...(p.channel === 'print' ? w.wrongPaper : w.wrong), target: 'confirmacion' })
      }
      <form class="stack" method="post" action="/activar/confirmar" novalidate>
        ${hidden('csrf', p.csrf)}
        ${codeField({
          ...{ name: 'confirmacion', label: words.codeField.label, hint: words.codeField.hint, focus: true },
          ...{ oneTime: true, wrong: refused ? words.codeField.wrong : undefined },
        })}
        <button class="boton boton-principal">${w.submit}</button>
      </form>
      <div class="below">
        ${p.channel !== 'print' && send(p.channel, w.again)}
        ${p.other && send(p.other.channel, w.other[p.other.channel](p.other.to))}
        ${
          p.channel === 'print'
            ? html`<a class="boton-texto" href="/ayuda#oficinas">${w.offices}</a>`
            : html`<a class="boton-texto" href="/obtener">${w.notMine}</a>`
        }
      </div>
      <div class="small-print"><p>${w.lasts[p.channel]}</p></div>
    </div>
  `;
  return layout(frame, { title: w.title[p.channel], main, narrow: true, problem: p.problem !== undefined });
}
