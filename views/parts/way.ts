import { html, type Page } from '../html.ts';

/** A way on from a page. */
export type Way = { readonly href: string; readonly label: string };

/** The one main way on, as a button. */
export const mainWay = ({ href, label }: Way): Page => html`<a class="boton boton-principal" href=${href}>${label}</a>`;

/** A second way, quieter. */
export const otherWay = ({ href, label }: Way): Page => html`<a class="boton boton-segundo" href=${href}>${label}</a>`;
