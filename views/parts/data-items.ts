import type { DataItem } from '#src/domain/client.ts';
import { html, type Page } from '../html.ts';
import type { Lang, Words } from '../words.ts';

export type { DataItem };

/** Made once: making one costs more than writing with it. */
const LISTS = { es: new Intl.ListFormat('es'), en: new Intl.ListFormat('en') } as const satisfies Record<Lang, unknown>;

/** «tu nombre, tu RUN y tu correo», as one goes on in a sentence. */
export const dataSentence = (lang: Lang, words: Words, data: readonly DataItem[]): string =>
  LISTS[lang].format(data.map((item) => words.data.inSentence[item]));

/** The same as a list with a tick each. */
export const dataList = (words: Words, data: readonly DataItem[]): Page => html`
  <ul class="ticks">
    ${data.map((item) => html`<li>${words.data.inList[item]}</li>`)}
  </ul>
`;
