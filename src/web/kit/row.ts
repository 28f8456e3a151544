import type { InteractionResults } from 'oidc-provider';
import type { Page } from '#views/html.ts';
import type { Frame } from '#views/layout.ts';
import type { Config } from '../../config.ts';
import type { Client } from '../../domain/client.ts';
import type { Parts } from '../../parts.ts';

/** All an act can answer: a page, a way on, or data. */
export type Reply =
  | { readonly status: number; readonly page: Page; readonly retryAfter?: number | undefined }
  | { readonly status: 302 | 303; readonly to: string }
  | { readonly status: number; readonly json: unknown }
  | { readonly status: 200; readonly text: string };

/** What every act gets once the row's guard has let it through. */
export type Visit = {
  readonly config: Config;
  readonly frame: Frame;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Goes into forms of ours; the guard has already checked the one that came. */
  readonly csrf: string;
  readonly network: string;
  /** One address, or one subscriber's part of IPv6. */
  readonly source: string;
  readonly requestId: string;
};

/** Within an interaction of the provider. */
export type InteractionVisit = Visit & {
  readonly uid: string;
  /** The interaction's page, with what leads back when all else has expired. */
  readonly here: string;
  readonly prompt: string;
  readonly client: Client;
  /** What the RP asked for. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly device: string;
  readonly deviceName: string;
  readonly finish: (result: InteractionResults) => Promise<string>;
};

/** A visit that can end the session of its browser; tells whether there was one. */
export type SessionVisit = Visit & { readonly endSession: () => Promise<boolean> };

export type Act<V extends Visit = Visit> = (visit: V, parts: Parts) => Promise<Reply>;

type Base = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly limit: Parameters<Parts['limits']['take']>[0]['limit'];
};
export type Row =
  /** Everybody, in every mode. */
  | (Base & { readonly who: 'anyone'; readonly act: Act })
  /** In the emulator only; elsewhere the page does not exist. */
  | (Base & { readonly who: 'emulator'; readonly act: Act })
  /** Everybody; may end the session of the own browser. */
  | (Base & { readonly who: 'session'; readonly act: Act<SessionVisit> })
  /** The browser in which the RP's request arrived, at that prompt. */
  | (Base & {
      readonly who: 'interaction';
      readonly prompt: 'login' | 'consent' | 'any';
      readonly act: Act<InteractionVisit>;
    });
