import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';

/** What stands in the address of a list: filter, order, place. Empty ones are left out. */
export type Address = { readonly path: string; readonly asked: Readonly<Record<string, string | undefined>> };

/** The same list, asked for differently. */
export function addressOf({ path, asked }: Address, change: Readonly<Record<string, string | undefined>> = {}): string {
  const all = Object.entries({ ...asked, ...change }).filter((one): one is [string, string] => Boolean(one[1]));
  return all.length === 0 ? path : `${path}?${new URLSearchParams(all).toString()}`;
}

export type Column = {
  readonly title: string;
  /** How it is sorted now, and the link that sorts by it. */
  readonly sort?: { readonly href?: string; readonly now: 'ascending' | 'descending' | undefined };
};
/** Under their titles, in that order, and by which of them it can be sorted. */
export const columnsOf = (
  titles: Readonly<Record<string, string>>,
  sorts: Readonly<Record<string, Column['sort']>>,
): readonly Column[] =>
  Object.entries(titles).map(([name, title]) => ({ title, ...(sorts[name] && { sort: sorts[name] }) }));

export type Ways = { readonly before?: string | undefined; readonly after?: string | undefined };
/** How many there are: so many, or more than that. */
export type Found = { readonly count: number; readonly more: boolean };
type Table = {
  /** Of the heading that names it. */
  readonly by: string;
  readonly columns: readonly Column[];
  /** Each a `tr`. */
  readonly rows: readonly Page[];
  /** What to do when there are none. */
  readonly none: Page | string;
  readonly found?: Found | undefined;
  readonly pages?: Page | false | undefined;
};

/** A list of any length: sorted by links, a page at a time, and as wide as it must be. */
export function tablePart(frame: Frame, t: Table): Page {
  if (t.rows.length === 0) return html`<p class="empty" role="status">${t.none}</p>`;
  return html`
    ${t.found && html`<p class="soft" role="status">${foundInWords(frame, t.found)}</p>`}
    <div class="table" role="group" aria-labelledby=${t.by} tabindex="0">
      <table>
        <thead>
          <tr>
            ${t.columns.map(head)}
          </tr>
        </thead>
        <tbody>
          ${t.rows}
        </tbody>
      </table>
    </div>
    ${t.pages}
  `;
}

function foundInWords({ lang, words: { table: w } }: Frame, { count, more }: Found): string {
  const number = count.toLocaleString(lang === 'es' ? 'es-CL' : 'en');
  return more ? w.more(number) : w.count(number, count);
}

function head({ title, sort }: Column): Page {
  if (sort?.href === undefined) return html`<th scope="col" aria-sort=${sort?.now}>${title}</th>`;
  const arrow = sort.now === 'ascending' ? '↑' : sort.now === 'descending' ? '↓' : '↕';
  return html`<th scope="col" aria-sort=${sort.now}>
    <a href=${sort.href}>${title}<span aria-hidden="true">${` ${arrow}`}</span></a>
  </th>`;
}

/** The page before and the one after, as links. */
export function pageLinks({ words: { table: w } }: Frame, { before, after }: Ways): Page | false {
  if (before === undefined && after === undefined) return false;
  return html`<nav class="pages" aria-label=${w.pages}>
    ${before !== undefined && html`<a rel="prev" href=${before}>← ${w.before}</a>`}
    ${after !== undefined && html`<a rel="next" href=${after}>${w.after} →</a>`}
  </nav>`;
}

/** A plain form of GET: what is chosen stands in the address, the order stays. */
export function filterPart(
  { words: { table: w } }: Frame,
  p: { readonly address: Address; readonly keep: readonly string[]; readonly fields: Page; readonly label: string },
): Page {
  const { path, asked } = p.address;
  const kept = p.keep.filter((name) => asked[name]);
  const filtered = Object.entries(asked).some(([name, value]) => value && !p.keep.includes(name));
  return html`<form method="get" action=${path} class="filter" role="search" aria-label=${p.label}>
    ${kept.map((name) => html`<input type="hidden" name=${name} value=${asked[name]} />`)} ${p.fields}
    <div class="ways">
      <button class="boton boton-segundo">${w.filter}</button>
      ${filtered && html`<a href=${path}>${w.clear}</a>`}
    </div>
  </form>`;
}

type Choice = {
  readonly name: string;
  readonly label: string;
  readonly everything: string;
  readonly chosen: string | undefined;
  readonly all: Readonly<Record<string, string>>;
};
export const choicePart = ({ name, label, everything, chosen, all }: Choice): Page =>
  html`<div class="field">
    <label for=${name}>${label}</label>
    <select id=${name} name=${name}>
      <option value="">${everything}</option>
      ${Object.entries(all).map(
        ([value, text]) => html`<option value=${value} selected=${value === chosen}>${text}</option>`,
      )}
    </select>
  </div>`;
export const wordsPart = ({ name, label, chosen }: Pick<Choice, 'name' | 'label' | 'chosen'>): Page =>
  html`<div class="field">
    <label for=${name}>${label}</label>
    <input id=${name} name=${name} value=${chosen ?? ''} maxlength="100" autocomplete="off" />
  </div>`;
