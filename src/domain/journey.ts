import type { Renewal } from './renewal.ts';
import type { Run } from './run.ts';

/** The state website that somebody was on her way to, and the interaction she left: where a flow leads back (PRODUCT). */
export type Origin = { readonly uid: string; readonly clientId: string };
type Led = { readonly origin?: Origin | undefined };
type Asked = Led & { readonly run: Run };
type Known = Asked & { readonly accountId: string };

/** `/recuperar`, one stage at a time. Until the code was right nobody is told whether there is an account. */
export type RecoveryStage =
  /** `run`: whose it is, when she has typed it on the way here. */
  | (Led & { readonly at: 'start'; readonly run?: Run | undefined })
  | (Asked & { readonly at: 'code' })
  | (Known & { readonly at: 'factor' })
  /** `factor`: she has one, and proved it; `left`: by a saved code, and so many of them she has still. */
  | (Known & { readonly at: 'clave'; readonly factor: boolean; readonly left?: number | undefined })
  /** The ClaveÚnica is new. Saved codes in place of those that are `left`: in force once she says that she has them. */
  | (Known & { readonly at: 'codes'; readonly left: number; readonly codes: readonly string[] })
  | (Led & { readonly at: 'done' });

/** Where the second code of an activation goes. */
export type Channel = 'email' | 'sms';
/** `print`: nowhere, as she has no address; another officer printed it. */
export type SecondWay = Channel | 'print';
type Claimed = Known & {
  /** With which this browser holds the officer's code. */
  readonly claimant: string;
  /** A computer that others use too. */
  readonly shared: boolean;
  /** She was identified again: what that left takes the place of what was. */
  readonly renewal?: Renewal | undefined;
};

/** `/activar`: the officer's code, a second one to her own address, the ClaveÚnica. */
export type ActivationStage =
  /** `run`: what she had typed when a later step was over. */
  | (Led & { readonly at: 'start'; readonly run?: Run | undefined })
  | (Claimed & { readonly at: 'confirm'; readonly channel: SecondWay })
  | (Claimed & { readonly at: 'clave'; readonly channel: SecondWay })
  | (Led & { readonly at: 'done'; readonly shared: boolean; readonly channel?: SecondWay | undefined });

/** `/obtener`: the address is confirmed by its code or by the link of the same letter; from then on it is one case. */
export type EnrolmentStage =
  | (Led & { readonly at: 'start' })
  /** `hash`: keyed, of the code; `tries` that were made. */
  | (Led & {
      readonly at: 'confirm';
      readonly caseId: string;
      readonly hash: string;
      readonly tries: number;
      readonly until: number;
    })
  /** Came by the link, and has not pressed the button yet. */
  | (Led & { readonly at: 'link'; readonly caseId: string })
  | (Led & { readonly at: 'case'; readonly caseId: string });

/** What a browser is in the middle of, by kind; kept sealed under the id in its cookie. */
export type Stages = {
  readonly recovery: RecoveryStage;
  readonly activation: ActivationStage;
  readonly enrolment: EnrolmentStage;
  /** `/cuenta`: its own session as a relying party of ours. */
  readonly account: Readonly<Record<string, unknown>>;
  /** The console's, likewise. */
  readonly console: Readonly<Record<string, unknown>>;
};
export type JourneyKind = keyof Stages;

const HOUR = 3_600_000;
/**
 * Milliseconds. A stage goes on for so long after the last step; where it began it lives as long as the request
 * that can be started again. `lapsed`: so long after its end its page, loaded again, still brings where she was going.
 */
export const STAGE = { start: 8 * HOUR, code: HOUR, chosen: HOUR / 2, done: HOUR, lapsed: HOUR } as const;
