import type { InteractionResults } from 'oidc-provider';
import type { Page } from '#views/html.ts';
import type { Frame } from '#views/layout.ts';
import type { Config } from '../../config.ts';
import type { AccountSession, Links } from '../../domain/account-session.ts';
import type { Account } from '../../domain/account.ts';
import type { Client } from '../../domain/client.ts';
import type { JourneyKind } from '../../domain/journey.ts';
import type { Parts } from '../../parts.ts';

/** All an act can answer: a page, a way on, or data. */
export type Reply =
  /** `camera`: its page, and no other, may ask for camera and microphone. */
  | {
      readonly status: number;
      readonly page: Page;
      readonly retryAfter?: number | undefined;
      readonly camera?: true;
    }
  /** `secret`: the address that was asked for carries one, and must be told to nobody. */
  | { readonly status: 302 | 303; readonly to: string; readonly secret?: true }
  | { readonly status: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** `keptFor`: so many seconds it may be kept, by everybody. */
  | { readonly status: 200; readonly text: string; readonly keptFor?: number }
  /** A file to keep, made while it is sent. */
  | {
      readonly status: 200;
      readonly file: { readonly name: string; readonly type: string };
      readonly rows: AsyncIterable<string>;
    };

/** What every act gets once the row's guard has let it through. */
export type Visit = {
  readonly config: Config;
  readonly frame: Frame;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The form came as JSON: a program asks (the emulator's pages alone take it). */
  readonly wantsJson: boolean;
  /** Goes into forms of ours; the guard has already checked the one that came. */
  readonly csrf: string;
  readonly network: string;
  /** One address, or one subscriber's part of IPv6. */
  readonly source: string;
  readonly requestId: string;
  /** The short one that the help desk knows. */
  readonly helpCode: string;
};

/** Within an interaction of the provider. */
export type InteractionVisit = Visit & {
  readonly uid: string;
  /** The interaction's page, with what leads back when all else has expired. */
  readonly here: string;
  readonly prompt: string;
  /** What the prompt says of itself (`oidc/policy.ts`). */
  readonly details: Readonly<Record<string, unknown>>;
  /** The live session in which the request came. */
  readonly session: { readonly accountId: string; readonly uid: string | undefined } | undefined;
  readonly client: Client;
  /** What the RP asked for. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly device: string;
  readonly deviceName: string;
  /** From now on this browser is one in which somebody has signed in. */
  readonly markDevice: () => void;
  readonly finish: (result: InteractionResults) => Promise<string>;
  /** What was kept between two pages of this interaction; sealed at rest, and no login. */
  readonly kept: unknown;
  readonly keep: (value: unknown) => Promise<void>;
  /** Asked anew, how it stands by now; `to`: where it goes on once somebody has signed in. */
  readonly meanwhile: () => Promise<{ readonly kept: unknown; readonly to: string | undefined }>;
};

/** A visit that can end the session of its browser; tells whether there was one. */
export type SessionVisit = Visit & { readonly endSession: () => Promise<boolean> };

/** What a browser says of itself; `device` is our own cookie's, the others are what a person and what we compare. */
export type Browser = { readonly device: string; readonly deviceName: string; readonly agent: string };

/** Somebody who is signed in at `/cuenta`. */
export type AccountVisit = Visit &
  Browser & {
    readonly account: Account;
    readonly session: AccountSession;
    /** A shared computer: nobody must forget to leave. */
    readonly shared: boolean;
    readonly links: Links;
    /** Changes what `/cuenta` remembers of this browser; false when it remembers nothing any more. */
    readonly remember: (change: Partial<AccountSession>) => Promise<boolean>;
    /** Forgets this browser at `/cuenta`. */
    readonly forget: () => Promise<void>;
  };

/** The way into `/cuenta` and out of it. */
export type DoorVisit = Visit &
  Browser & {
    /** The address as it was called. */
    readonly url: URL;
    /** Where the browser goes to sign in. */
    readonly signIn: (to: string) => Promise<string>;
    /** Where it goes next, once what came back from there was good. */
    readonly arrive: () => Promise<{ readonly to: string } | 'cancelled' | undefined>;
    /** Forgets this browser; where it goes to end its session, if it had one. */
    readonly leave: () => Promise<string | undefined>;
    /** Whether somebody is signed in there. */
    readonly isIn: () => Promise<boolean>;
  };
/** In a browser that has opened a link of a letter; undefined when it has not, or lost its cookie. */
export type LinkVisit = Visit & { readonly token: string | undefined; readonly links: Links };
/** In the emulator keys are rotated by hand, and have to be there with the answer. */
export type EmulatorVisit = Visit & { readonly refreshKeys: () => Promise<void> };
/** What of the protocol the suite's own pages and calls may do. */
export type Protocol = {
  /** Says yes or no in the place of the person who is asked (CIBA). */
  decide(request: { readonly id: string; readonly allow: boolean }): Promise<'decided' | 'unknown'>;
  /** Judges the call's access token, as a resource at that address would. */
  access(
    url: string,
  ): Promise<
    | { readonly kind: 'granted'; readonly clientId: string; readonly scope: string }
    | { readonly kind: 'refused'; readonly scheme: string }
  >;
};
export type ProtocolVisit = Visit & {
  readonly protocol: Protocol;
  /** A request header, empty when it is not there. */
  readonly header: (name: string) => string;
};
/** In a flow of ours outside of any interaction (`/recuperar`, `/activar`): the browser, and where it stands. */
export type FlowVisit = Visit & {
  readonly device: string;
  readonly deviceName: string;
  /** The id in the cookie of that kind; whether it is good for anything, the store knows. */
  readonly journey: (kind: JourneyKind) => string | undefined;
  readonly keepJourney: (kind: JourneyKind, id: string) => void;
  /** The code of a link or QR that this browser has opened. */
  readonly given: () => string | undefined;
  readonly keepGiven: (code: string | undefined) => void;
};

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
  | (Base & { readonly who: 'emulator'; readonly act: Act<EmulatorVisit> })
  /** In the conformance mode only; elsewhere there is no such address. */
  | (Base & { readonly who: 'conformance'; readonly act: Act<ProtocolVisit> })
  /** Everybody; may end the session of the own browser. */
  | (Base & { readonly who: 'session'; readonly act: Act<SessionVisit> })
  /** The browser in which a link of a letter was opened: `?t=` becomes a cookie, and the address is clean. */
  | (Base & { readonly who: 'link'; readonly act: Act<LinkVisit> })
  /** Everybody, in a flow of ours; its forms are bound to the browser. */
  | (Base & { readonly who: 'flow'; readonly act: Act<FlowVisit> })
  /** The browser in which the RP's request arrived, at that prompt. */
  | (Base & {
      readonly who: 'interaction';
      readonly prompt: 'login' | 'consent' | 'assurance' | 'login or assurance' | 'any';
      readonly act: Act<InteractionVisit & Pick<FlowVisit, 'keepJourney'>>;
      /** In place of the page that explains, when it is not there any more. */
      readonly lost?: Act;
    })
  /** Who is signed in at `/cuenta`; `fresh`: not longer ago than five minutes, and from where she signed in. */
  | (Base & { readonly who: 'account'; readonly fresh?: true; readonly act: Act<AccountVisit> })
  /** Everybody: the way into `/cuenta` and out of it. */
  | (Base & { readonly who: 'door'; readonly act: Act<DoorVisit> });
