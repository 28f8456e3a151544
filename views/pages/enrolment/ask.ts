import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { runField, textField } from '../../parts/fields.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { waitSummary } from '../../parts/wait.ts';
import { otherWay, type Way } from '../../parts/way.ts';

type Field = 'run' | 'document' | 'email' | 'phone';
export type EnrolmentAsk = {
  readonly csrf: string;
  readonly typed: Readonly<Record<Field, string>>;
  readonly problem?:
    | { readonly kind: 'malformed'; readonly fields: readonly Field[] }
    | { readonly kind: 'wait'; readonly seconds: number }
    | undefined;
  /** She has begun in this browser. */
  readonly open?: string | undefined;
  readonly back?: Way | undefined;
};

const IDS = { run: 'run', document: 'documento', email: 'email', phone: 'telefono' } as const;

/** Anybody asks here; and where to go for who would rather not. */
export function enrolmentPage(frame: Frame, p: EnrolmentAsk): Page {
  const { words } = frame;
  const { ask: w, ...all } = words.enrolment;
  const bad = p.problem?.kind === 'malformed' ? p.problem.fields : [];
  const problem = (): Page | undefined => {
    switch (p.problem?.kind) {
      case undefined:
        return undefined;
      case 'wait':
        return waitSummary(words, p.problem.seconds);
      case 'malformed':
        return problemSummary({ ...w.problem, target: IDS[bad[0] ?? 'run'] });
    }
  };
  const field = (
    what: 'document' | 'email' | 'phone',
    more: Pick<Parameters<typeof textField>[0], 'type' | 'complete'>,
  ) =>
    textField({
      ...{ name: IDS[what], label: w[what], hint: w[`${what}Hint`], value: p.typed[what], ...more },
      ...{ required: what !== 'phone', wrong: bad.includes(what) ? w.problem[what] : undefined },
    });
  const main = html`
    <div class="card">
      <h1>${all.title}</h1>
      ${problem() ?? html`<p class="lead">${all.lead}</p>`}
      ${p.open !== undefined && html`<p><a class="boton-texto" href=${p.open}>${w.open}</a></p>`}
      <h2>${w.title}</h2>
      <p>${w.how}</p>
      <form class="stack" method="post" action="/obtener" novalidate>
        ${hidden('csrf', p.csrf)} ${runField(words, { value: p.typed.run, wrong: bad.includes('run'), focus: false })}
        ${field('document', { type: 'text', complete: 'off' })} ${field('email', { type: 'email', complete: 'email' })}
        ${field('phone', { type: 'tel', complete: 'tel' })}
        <button class="boton boton-principal" data-sending=${w.sending}>${w.submit}</button>
      </form>
      <div class="small-print"><p>${w.age}</p></div>
    </div>
    <div class="card">
      <h2 id="oficina">${all.office.title}</h2>
      <p>${all.office.text}</p>
      <p><a href="/ayuda#oficinas">${all.office.link}</a></p>
      <h2>${all.have.title}</h2>
      <div class="stack">
        ${otherWay({ href: '/activar', label: all.have.activate })}
        ${otherWay({ href: '/recuperar', label: all.have.recover })} ${p.back && otherWay(p.back)}
      </div>
    </div>
  `;
  return layout(frame, { title: all.title, main, narrow: true, problem: p.problem !== undefined });
}
