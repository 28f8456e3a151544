import type { Office } from '#src/domain/schedule.ts';
import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import type { Words } from '../words.ts';

export type Help = {
  /** As people read it: `600 123 4567`. */
  readonly phone: string;
  /** Our public origin, to compare with the browser's address bar. */
  readonly origin: string;
  /** By region; none where they are not known, or nobody can be asked now. */
  readonly offices: readonly Pick<Office, 'name' | 'address' | 'comuna' | 'region'>[];
};

type Topic = keyof Words['help']['answers'];
const TOPICS: readonly Topic[] = ['forgot', 'blocked', 'activate', 'factor', 'suspicious', 'address', 'shared'];
const WAYS: { readonly [topic in Topic]?: string } = {
  forgot: '/recuperar',
  blocked: '/recuperar',
  activate: '/activar',
  factor: '/cuenta/factores',
  suspicious: '/cuenta',
};

/** Plain answers; each can be linked to as `/ayuda#TOPIC`. */
export function helpPage(frame: Frame, p: Help): Page {
  const w = frame.words.help;
  const answer = (topic: Topic): Page => {
    const answered = w.answers[topic];
    const { title, paragraphs } = answered;
    const way = WAYS[topic];
    return html`<section class="answer" id=${topic} aria-labelledby=${`${topic}-t`}>
      <h2 id=${`${topic}-t`}>${title}</h2>
      ${paragraphs.map((text) => html`<p>${text}</p>`)}
      ${
        topic === 'address' &&
        html`<p class="address"><code>${`${p.origin}/`}</code></p>
          <p>${w.answers.address.after}</p>`
      }
      ${way !== undefined && 'way' in answered && html`<p><a href=${way}>${answered.way}</a></p>`}
    </section>`;
  };
  const main = html`
    <div class="article">
      <h1>${w.title}</h1>
      <p class="lead">${w.lead}</p>
      <div class="contacts">
        <section class="panel" aria-labelledby="llamar">
          <h2 id="llamar">${w.call}</h2>
          <p><a class="phone" href=${`tel:${p.phone.replace(/[^\d+]/g, '')}`}>${p.phone}</a></p>
        </section>
        <section class="panel" id="oficinas" aria-labelledby="oficina">
          <h2 id="oficina">${w.office.title}</h2>
          <p>${w.office.text}</p>
          ${officesOf(p)}
        </section>
      </div>
      <nav class="contents" aria-labelledby="indice">
        <p id="indice">${w.contents}</p>
        <ul>
          ${TOPICS.map((topic) => html`<li><a href=${`#${topic}`}>${w.answers[topic].title}</a></li>`)}
        </ul>
      </nav>
      ${TOPICS.map(answer)}
    </div>
  `;
  return layout(frame, { title: w.title, main, sheet: 'front' });
}

/** Some hundreds of them in a country: nobody reads more than those of her own region. */
const officesOf = ({ offices }: Help): readonly Page[] =>
  [...Map.groupBy(offices, ({ region }) => region)].map(
    ([region, all]) =>
      html`<details class="more">
        <summary>${`${region} (${String(all.length)})`}</summary>
        <ul class="offices">
          ${all.map(({ name, address, comuna }) => html`<li><strong>${name}</strong> ${`${address}, ${comuna}`}</li>`)}
        </ul>
      </details>`,
  );
