/** A hash that another system made, in PHC's notation: `$argon2id$v=19$m=65536,t=3,p=4$salt$tag`. */
const ARGON2 =
  /^\$argon2(?:id|i|d)\$v=(?:16|19)\$((?:[mtp]=\d{1,8},?){3})\$[A-Za-z0-9+/]{11,88}\$[A-Za-z0-9+/]{16,172}$/;
/** Beyond it one login would be an attack on us: KiB, passes, lanes. */
const MOST = { memoryKib: 1_048_576, time: 24, lanes: 16 };

export type PhcFault = 'no-phc' | 'other-function' | 'too-costly';

/** What keeps a hash from being taken over, or undefined when it will do until its owner's next login. */
export function phcFault(text: string): PhcFault | undefined {
  const [, given] = ARGON2.exec(text) ?? [];
  if (given === undefined) return /^\$(?!argon2)[a-z0-9-]{1,32}\$/.test(text) ? 'other-function' : 'no-phc';
  // Libraries differ in their order.
  const values = new Map(given.split(',').map((pair) => [pair[0], Number(pair.slice(2))]));
  const [m, t, p] = [values.get('m'), values.get('t'), values.get('p')];
  if (m === undefined || t === undefined || p === undefined || t < 1 || p < 1 || m < 8 * p) return 'no-phc';
  return m <= MOST.memoryKib && t <= MOST.time && p <= MOST.lanes ? undefined : 'too-costly';
}
