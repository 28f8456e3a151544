import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { render as markup } from 'preact-render-to-string';

/** Only `html` makes a page; preact escapes whatever stands between `${` and `}`. */
export type Page = VNode | VNode[];
export { html };
export const render = (page: Page): string => `<!doctype html>${markup(html`${page}` as VNode)}`;
