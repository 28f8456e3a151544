import type { Rejection } from '#src/domain/checklist.ts';
import { html, type Page } from '../html.ts';
import type { Frame } from '../layout.ts';

/** Why an officer did not identify her, and what she does about it; nothing when a supervisor ended it. */
export const whyNot = ({ words }: Frame, why: Rejection | undefined): Page | undefined =>
  why &&
  html`<p class="note"><strong>${words.enrolmentLetters.why}:</strong> ${words.enrolmentLetters.reasons[why]}</p>`;
