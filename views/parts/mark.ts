import { html, type Page } from '../html.ts';

/** Our own mark, the Ú of «Única». Decoration; the name stands beside it. */
export const mark = (): Page => html`
  <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
    <rect class="mark-ground" width="32" height="32" rx="9" />
    <path class="mark-letter" d="M10 12.5v6a6 6 0 0 0 12 0v-6" />
    <path class="mark-accent" d="m15.2 9.2 3.4-3.6" />
  </svg>
`;

/** The same as an icon of the tab, without another request. */
export const icon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#17489c"/><g fill="none" stroke-width="3.6" stroke-linecap="round"><path d="M10 12.5v6a6 6 0 0 0 12 0v-6" stroke="#fff"/><path d="m15.2 9.2 3.4-3.6" stroke="#ffd27a"/></g></svg>`,
  );
