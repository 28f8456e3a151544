/** What an officer must have seen before a code is issued, item by item (SECURITY §1.6.1). */

/** Where somebody is identified. */
export const CHANNELS = ['video', 'office'] as const;
export type Channel = (typeof CHANNELS)[number];

/**
 * What is hard to do for a forged picture in real time; the server draws some of them once the session has begun
 * (VAL-8.3.3-07B).
 */
export const ACTIONS = [
  'hand-across-face',
  'turn-left',
  'turn-right',
  'look-up',
  'touch-nose',
  'count-fingers',
  'card-tilt',
  'card-cover-edge',
  'card-across-face',
  'read-digits',
] as const;
export type Action = (typeof ACTIONS)[number];
/** Three of ten in their order: 720 ways, 9.5 bits (R-51 asks for four). */
export const ACTIONS_DRAWN = 3;

/** What a Chilean identity card shows only to light, eye or finger. */
export const FEATURES = {
  hologram: 'optical',
  'colour-ink': 'optical',
  'changing-image': 'optical',
  'second-photo': 'visible',
  'fine-lines': 'visible',
  microtext: 'visible',
  relief: 'touch',
  ultraviolet: 'touch',
} as const satisfies Record<string, 'optical' | 'visible' | 'touch'>;
export type Feature = keyof typeof FEATURES;
/** VAL-8.3.3-07X and -07A: three, of which two optically variable by video, one by finger or lamp at the desk. */
export const FEATURES_LEAST = { all: 3, optical: 2, touch: 1 } as const;

/** What of the card is compared with its machine-readable lines (VAL-8.3.3-12X). */
export const PRINTED = ['run', 'names', 'birthdate', 'number', 'expiry'] as const;
/** What of a face is compared with the photo (BIN-8.4.4-03). */
export const LIKENESS = ['eyes', 'nose', 'mouth', 'ears', 'chin', 'marks'] as const;

const of = <P extends string, N extends string>(prefix: P, names: readonly N[]) =>
  names.map((name) => `${prefix}-${name}` as const);
/** All that can be ticked. */
export const TICKS = [
  ...(['consent', 'in-view', 'picture', 'read-back'] as const),
  ...of('action', ACTIONS),
  ...of('feature', Object.keys(FEATURES) as readonly Feature[]),
  ...of('printed', PRINTED),
  ...of('likeness', LIKENESS),
] as const;
export type Tick = (typeof TICKS)[number];

export const COERCION = ['unsaid', 'none', 'signs'] as const;

/** What the officer has filled in so far. */
export type Sheet = {
  readonly ticks: readonly Tick[];
  /** The three lines, as they were typed or scanned. */
  readonly mrz: string;
  /** ISO; the one date that the three lines have not. */
  readonly issued: string;
  readonly coercion: (typeof COERCION)[number];
};
export const EMPTY_SHEET: Sheet = { ticks: [], mrz: '', issued: '', coercion: 'unsaid' };

/** The same, but for the contact, which has to be read back again. */
export const unread = (sheet: Sheet): Sheet => ({
  ...sheet,
  ticks: sheet.ticks.filter((tick) => tick !== 'read-back'),
});

/** THE items, in the order of a session; each is a mandatory field where it applies. */
export const ITEMS = {
  consent: ['video', 'office'],
  'in-view': ['video', 'office'],
  picture: ['video'],
  actions: ['video'],
  features: ['video', 'office'],
  document: ['video', 'office'],
  likeness: ['video', 'office'],
  coercion: ['video', 'office'],
  'read-back': ['video', 'office'],
} as const satisfies Record<string, readonly Channel[]>;
export type Item = keyof typeof ITEMS;

export const itemsAt = (channel: Channel): readonly Item[] =>
  (Object.keys(ITEMS) as Item[]).filter((item) => (ITEMS[item] as readonly Channel[]).includes(channel));
/** What can only be felt, or needs a lamp, is not asked for through a screen. */
export const featuresAt = (channel: Channel): readonly Feature[] =>
  (Object.keys(FEATURES) as Feature[]).filter((feature) => channel === 'office' || FEATURES[feature] !== 'touch');

type About = {
  readonly channel: Channel;
  /** Those that the server drew for this session. */
  readonly drawn: readonly Action[];
  /** The day on which it is asked, ISO. */
  readonly today: string;
  /** There is an address or a number to read back. */
  readonly contact: boolean;
};

/** The items that are not done, in their order; what the three lines say is judged in `mrz.ts`. */
export function itemsMissing(sheet: Sheet, about: About): readonly Item[] {
  return itemsAt(about.channel).filter((item) => !isDone(item, sheet, about));
}

function isDone(item: Item, { ticks, mrz, issued, coercion }: Sheet, about: About): boolean {
  const has = (tick: Tick) => ticks.includes(tick);
  switch (item) {
    case 'consent':
    case 'in-view':
    case 'picture':
      return has(item);
    case 'actions':
      return about.drawn.length >= 2 && about.drawn.every((action) => has(`action-${action}`));
    case 'features':
      return enoughFeatures(ticks, about.channel);
    case 'document':
      return PRINTED.every((what) => has(`printed-${what}`)) && mrz.trim() !== '' && issuedBefore(issued, about.today);
    case 'likeness':
      return LIKENESS.every((what) => has(`likeness-${what}`));
    case 'coercion':
      // With signs nothing is issued: she raises the flag.
      return coercion === 'none';
    case 'read-back':
      return !about.contact || has('read-back');
  }
}

function enoughFeatures(ticks: readonly Tick[], channel: Channel): boolean {
  const seen = (Object.keys(FEATURES) as Feature[]).filter((feature) => ticks.includes(`feature-${feature}`));
  const kinds = seen.map((feature) => FEATURES[feature]);
  const count = (kind: (typeof FEATURES)[Feature]) => kinds.filter((one) => one === kind).length;
  // What can only be felt or needs a lamp shows nothing by video.
  if (channel === 'video')
    return kinds.length - count('touch') >= FEATURES_LEAST.all && count('optical') >= FEATURES_LEAST.optical;
  return kinds.length >= FEATURES_LEAST.all && count('touch') >= FEATURES_LEAST.touch;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const issuedBefore = (issued: string, today: string) =>
  DATE.test(issued) && !Number.isNaN(Date.parse(issued)) && issued <= today && issued >= '2002-01-01';

/** So many different ones, in an order of their own, from random bytes (each of them may be as likely as another). */
export function drawActions(chance: (bytes: number) => string, many: number = ACTIONS_DRAWN): readonly Action[] {
  const left: Action[] = [...ACTIONS];
  const drawn: Action[] = [];
  for (const byte of Buffer.from(chance(64), 'base64url')) {
    if (drawn.length >= many) break;
    // What lies beyond the last whole multiple would make the first ones likelier.
    if (byte >= 256 - (256 % left.length)) continue;
    drawn.push(...left.splice(byte % left.length, 1));
  }
  if (drawn.length < many) throw new Error('chance: no action drawn');
  return drawn;
}

/** Why somebody is not identified: a closed list, which the citizen reads in plain words. */
export const REJECTIONS = [
  'document-unreadable',
  'document-invalid',
  'not-the-same',
  'data-differ',
  'registry-says-no',
  'picture-poor',
  'contact-not-hers',
  'too-young',
  'too-many-sessions',
] as const;
export type Rejection = (typeof REJECTIONS)[number];

/** What a second person may let pass, and what it stands in for. Who has died and a silent registry are no case of it. */
export const EXCEPTIONS = {
  'no-card': ['features', 'document'],
  'data-mismatch': ['card-data'],
  'contact-change': [],
  'registry-override': ['registry'],
  'again-soon': ['again-soon'],
} as const satisfies Record<string, readonly (Item | 'card-data' | 'registry' | 'again-soon')[]>;
export type Exception = keyof typeof EXCEPTIONS;
export const excuses = (granted: readonly Exception[], what: Item | 'card-data' | 'registry' | 'again-soon'): boolean =>
  granted.some((exception) => (EXCEPTIONS[exception] as readonly string[]).includes(what));
