import type { Page } from '../html.ts';
import type { Words } from '../words.ts';
import { problemSummary } from './form.ts';

/** Too many guesses from one place. */
export const waitSummary = (words: Words, seconds: number): Page => {
  const w = words.recovery.wait;
  return problemSummary({ title: w.title(words.time.in(seconds)), text: w.text });
};
