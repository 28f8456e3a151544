import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { claveForm, claveVerdict, type ClaveForm } from '../../parts/clave.ts';

export type RecoveryClave = Omit<ClaveForm, 'action' | 'submit' | 'sending'>;

export function recoveryClavePage(frame: Frame, p: RecoveryClave): Page {
  const { words } = frame;
  const w = words.recovery.clave;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${claveVerdict(words, p) ?? html`<p>${w.text}</p>`}
      ${claveForm(words, { ...p, action: '/recuperar/clave', submit: w.submit, sending: w.sending })}
      <div class="small-print"><p>${w.ends}</p></div>
    </div>
  `;
  const problem = p.problem !== undefined;
  return layout(frame, { title: w.title, main, narrow: true, problem, scripts: ['clave'], sheet: 'clave' });
}
