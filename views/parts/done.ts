import { html, type Page } from '../html.ts';

/** What has just been done, said first. */
export const doneNote = (text: string | undefined): Page | undefined =>
  text === undefined ? undefined : html`<p class="done" role="status" tabindex="-1" data-focus="">${text}</p>`;
