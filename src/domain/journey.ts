import type { Run } from './run.ts';

/** The state website that somebody was on her way to, and the interaction she left: where a flow leads back (PRODUCT). */
export type Origin = { readonly uid: string; readonly clientId: string };

type Began = { readonly run: Run; readonly origin?: Origin | undefined };

/** `/recuperar`, one stage at a time. Until the code was right nobody knows whether there is an account. */
export type RecoveryStage =
  | (Began & { readonly at: 'code' })
  | (Began & { readonly at: 'factor'; readonly accountId: string; readonly shared: boolean })
  | (Began & { readonly at: 'clave'; readonly accountId: string; readonly shared: boolean; readonly factor: boolean })
  | (Began & { readonly at: 'done' });

/** `/activar`: the officer's code, the channel, the second code, the ClaveÚnica. */
export type ActivationStage =
  | (Began & { readonly at: 'channel'; readonly accountId: string; readonly claim: string; readonly shared: boolean })
  | (Began & {
      readonly at: 'confirm';
      readonly accountId: string;
      readonly claim: string;
      readonly shared: boolean;
      readonly channel: Channel;
    })
  | (Began & {
      readonly at: 'clave';
      readonly accountId: string;
      readonly claim: string;
      readonly shared: boolean;
      readonly channel: Channel;
    })
  | (Began & { readonly at: 'done'; readonly shared: boolean });

export type Channel = 'email' | 'phone';

/** What a browser is in the middle of, by kind; kept sealed under the id in its cookie. */
export type Stages = {
  readonly recovery: RecoveryStage;
  readonly activation: ActivationStage;
  /** `/cuenta`: its own session as a relying party of ours. */
  readonly account: Readonly<Record<string, unknown>>;
  /** The console's, likewise. */
  readonly console: Readonly<Record<string, unknown>>;
};
export type JourneyKind = keyof Stages;
