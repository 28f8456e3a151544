import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { claveForm, claveVerdict, type ClaveForm } from '../../parts/clave.ts';

export type ActivationClave = Omit<ClaveForm, 'action' | 'submit' | 'sending'> & {
  /** Her whole name: she has shown both codes. */
  readonly name: string;
};

export function activationClavePage(frame: Frame, p: ActivationClave): Page {
  const { words } = frame;
  const w = words.activation.clave;
  const title = w.title(p.name);
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      ${claveVerdict(words, p) ?? html`<p>${w.text}</p>`}
      ${claveForm(words, { ...p, action: '/activar/clave', submit: w.submit, sending: w.sending })}
      <div class="below"><a class="boton-texto" href="/ayuda">${w.notMe}</a></div>
    </div>
  `;
  const problem = p.problem !== undefined;
  return layout(frame, { title, main, narrow: true, problem, scripts: ['clave'], sheet: 'clave' });
}
