import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { claveForm, claveVerdict, type ClaveForm } from '../parts/clave.ts';
import { hidden } from '../parts/form.ts';
import { siteCard, type Rp } from '../parts/site.ts';
import { mainWay } from '../parts/way.ts';

export type ChangeClave = {
  readonly action: string;
  readonly csrf: string;
  readonly rp: Rp;
} & (
  | {
      readonly kind: 'explained';
      /** Where she proves that it is her. */ readonly recover: string;
      readonly get: string;
    }
  | ({ readonly kind: 'choose' } & Pick<ClaveForm, 'fine' | 'minimum' | 'own' | 'problem' | 'run'>)
);

/** The ClaveÚnica was right, and somebody else may know it: another one first, then on to the site (R-02). */
export function changeClavePage(frame: Frame, p: ChangeClave): Page {
  const { words } = frame;
  const w = words.changeClave;
  const choosing = p.kind === 'choose';
  const main = html`
    <div class="alone">
      <div class="card">
        <h1>${w.title}</h1>
        ${siteCard(words, p.rp)}
        ${
          p.kind === 'choose'
            ? html`${claveVerdict(words, p) ?? html`<p>${w.choose}</p>`}
              ${claveForm(words, { ...p, submit: w.save, sending: w.saving })}`
            : html`<p>${w.why}</p>
                <p>${w.next}</p>
                <div class="stack">${mainWay({ href: p.recover, label: w.submit })}</div>`
        }
        <div class="below">
          ${p.kind === 'explained' && html`<a class="boton-texto" href=${p.get}>${w.noMail}</a>`}
          <form method="post" action=${p.action} novalidate>
            ${hidden('csrf', p.csrf)}
            <button class="boton-texto" name="cancelar" value="1">${words.logIn.cancel}</button>
          </form>
        </div>
        ${choosing && html`<div class="small-print"><p>${w.ends}</p></div>`}
      </div>
    </div>
  `;
  const problem = p.kind === 'choose' && p.problem !== undefined;
  return layout(frame, {
    ...{ title: w.title, main, narrow: true, problem },
    ...(choosing && { scripts: ['clave'], sheet: 'clave' }),
  });
}
