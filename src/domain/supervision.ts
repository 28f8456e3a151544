/** What a supervisor looks at again, and what makes the machine itself ask for her. */

/** Decision 8: so much of all approvals, drawn by the server when they happen; officers never learn which. */
export const SAMPLE_PERCENT = 5;

/** By two random bytes that nobody can foresee. */
export function isSampled(random: string): boolean {
  const [high = 0, low = 0] = Buffer.from(random, 'base64url');
  return high * 256 + low < (65_536 * SAMPLE_PERCENT) / 100;
}

/** What was counted about a case when it is to be approved. */
export type Counts = {
  /** Cases of other people of the last thirty days who confirmed the same address of mail. */
  readonly sameEmail: number;
  /** How long the session took; milliseconds. */
  readonly sessionMs: number;
  /** Cases of the last day from the network in which this one was asked for. */
  readonly sameNetwork: number;
  /** Cases of the last day whose mail is of the same provider, without the large ones. */
  readonly sameDomain: number;
};

/** Numbers of ours but for the first, to be tuned by what supervisors find. */
export const SIGNALS = {
  'same-email': ({ sameEmail }: Counts) => sameEmail >= 2,
  'officer-hurries': ({ sessionMs }: Counts) => sessionMs < 60_000,
  'same-network': ({ sameNetwork }: Counts) => sameNetwork >= 20,
  'same-domain': ({ sameDomain }: Counts) => sameDomain >= 20,
} as const satisfies Record<string, (counts: Counts) => boolean>;
export type Signal = keyof typeof SIGNALS;
/** so many codes an hour for one officer. */
export const CODES_PER_HOUR = 20;

/** What stops a case until a supervisor has looked; all others only have it looked at afterwards. */
export const STOPPING: readonly Signal[] = ['same-email'];

export const signalsOf = (counts: Counts): readonly Signal[] =>
  (Object.keys(SIGNALS) as Signal[]).filter((signal) => SIGNALS[signal](counts));
