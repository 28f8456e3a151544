import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';

/** A field that the person does not see. */
export const hidden = (name: string, value: string): Page => html`<input type="hidden" name=${name} value=${value} />`;

/** What went wrong, said first; the script brings the focus here. */
export const problemSummary = (p: {
  readonly title: string;
  readonly text: string;
  readonly target?: string | undefined;
  readonly next?: { readonly href: string; readonly label: string } | undefined;
}): Page => html`
  <div class="problem" id="problema" role="alert" tabindex="-1" data-focus="">
    <p class="problem-title">${p.target === undefined ? p.title : html`<a href=${`#${p.target}`}>${p.title}</a>`}</p>
    <p>${p.text}${p.next && html`${' '}<a href=${p.next.href}>${p.next.label}</a>.`}</p>
  </div>
`;

/** Why the first step is here again. */
export const expiredNote = ({ recovery }: Words): Page => html`<p class="note" role="status">${recovery.expired}</p>`;
