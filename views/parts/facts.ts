import { html, type Page } from '../html.ts';

export type Fact = readonly [name: string, value: Page | readonly Page[] | string | undefined];

/** What is known of somebody or something; what is not has no line. */
export const factsPart = (facts: readonly Fact[]): Page =>
  html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        value !== undefined &&
        value !== '' &&
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
