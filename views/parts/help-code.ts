import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';

/** A short code that the log and the help desk know too. */
export const helpCodeLine = (words: Words, code: string): Page => html`
  <p class="help-code">
    <span>${words.helpCode.label}</span>${' '}<strong>${code}</strong>${' '}<span>${words.helpCode.hint}</span>
  </p>
`;
