import type { Channel } from './checklist.ts';
import { LENGTH } from './schedule.ts';

/** Minutes, from the least to the most that is likely. */
export type Range = { readonly from: number; readonly to: number };
const STEP = 5;

/**
 * How long somebody waits with so many before her while so many officers work: each takes as long as a place is, and
 * half as long again at worst. Undefined while nobody works.
 */
export function waitingTime(channel: Channel, before: number, officers: number): Range | undefined {
  if (officers === 0) return undefined;
  const minutes = (turns: number) => turns * LENGTH[channel];
  const from = Math.floor(minutes(Math.floor(before / officers)) / STEP) * STEP;
  const to = Math.ceil((minutes(Math.ceil((before + 1) / officers)) * 1.5) / STEP) * STEP;
  return { from, to };
}
