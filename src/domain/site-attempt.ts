import { AUTHORIZATION_CODE } from './lifetimes.ts';
import { uriDifference, uriPieces, type UriPart } from './uri-difference.ts';

/** What is kept of a site's attempts: so many are shown, of so many steps, for so long (milliseconds). */
export const ATTEMPTS = { shown: 50, steps: 300, kept: 7 * 86_400_000 } as const;

/** `return`: the browser comes back from the sign-in page, and is sent on. */
export const STEP_KINDS = ['request', 'authorize', 'return', 'token', 'userinfo', 'logout'] as const;
export type StepKind = (typeof STEP_KINDS)[number];
/** `page`: one of ours was shown; `code`: the site got one. */
export const STEP_OUTCOMES = ['page', 'code', 'done', 'error'] as const;
export type StepOutcome = (typeof STEP_OUTCOMES)[number];

/** What goes on, and will be trouble one day; no error for anybody. */
export const ADVICE = ['missing-state', 'short-state', 'missing-nonce', 'unknown-scope', 'logout-not-opened'] as const;
/** THE list of what a site's developer can do wrong. Their words are in `views/words`, which does not compile without one. */
export const ATTEMPT_FAULTS = [
  ...ADVICE,
  ...(['client-suspended', 'client-not-certified', 'unknown-redirect-uri', 'unknown-logout-uri'] as const),
  ...(['missing-parameter', 'repeated-parameter', 'unsound-text', 'pkce-missing', 'pkce-method'] as const),
  ...(['request-object', 'request-uri-over', 'no-session', 'acr-not-reached', 'cancelled'] as const),
  ...(['content-type', 'http-method', 'no-credentials', 'two-credentials', 'unreadable-credentials'] as const),
  ...(['wrong-secret', 'old-secret', 'wrong-auth-method', 'bad-assertion', 'bad-certificate'] as const),
  ...(['code-unknown', 'code-expired', 'code-used', 'code-of-another', 'redirect-uri-differs'] as const),
  ...(['verifier-missing', 'verifier-wrong', 'verifier-unasked'] as const),
  ...(['token-in-query', 'token-header', 'token-over', 'bad-id-token-hint'] as const),
  ...(['ours', 'other'] as const),
] as const;
export type AttemptFault = (typeof ATTEMPT_FAULTS)[number];

/** How a site proved itself, as it was seen. */
export const AUTH_SEEN = ['basic', 'post', 'assertion', 'none', 'two', 'other'] as const;
export type AuthSeen = (typeof AUTH_SEEN)[number];

/** An address that was sent; what it should have been, where that is not the same. */
export type SentUri = {
  readonly sent: string;
  readonly registered?: string | undefined;
  readonly differs: readonly UriPart[];
};

/**
 * What is kept of a step: for developers, and never evidence, as anybody can send requests in a site's name. Nothing of a
 * citizen, no value of a code, token, secret or state; what is a site's own text is short and has no controls.
 */
export type SiteStep = {
  readonly kind: StepKind;
  readonly outcome: StepOutcome;
  readonly faults: readonly AttemptFault[];
  /** As the site was told. */
  readonly error?: string | undefined;
  readonly description?: string | undefined;
  readonly method: string;
  /** Of what was posted. */
  readonly contentType?: string | undefined;
  /** Names of parameters that OpenID knows. */
  readonly sent: readonly string[];
  readonly redirectUri?: SentUri | undefined;
  readonly logoutUri?: SentUri | undefined;
  readonly auth?: { readonly seen: AuthSeen; readonly registered: string } | undefined;
  readonly pkce?: string | undefined;
  readonly prompt?: string | undefined;
  readonly scope?: string | undefined;
  /** Of the scopes those that it does not get. */
  readonly dropped?: readonly string[] | undefined;
};

/** `links`: what ties steps to an attempt, as keyed hashes. */
export type KeptStep = {
  readonly id: string;
  readonly at: number;
  readonly links: readonly string[];
  readonly step: SiteStep;
};

/** In pieces, where it is not as it is registered. */
export type ShownUri = SentUri & { readonly pieces?: ReturnType<typeof uriPieces> | undefined };
export type AttemptStep = Omit<SiteStep, 'redirectUri' | 'logoutUri'> & {
  readonly at: number;
  readonly redirectUri?: ShownUri | undefined;
  readonly logoutUri?: ShownUri | undefined;
};
export type Attempt = {
  /** Of its first step that is kept. */
  readonly id: string;
  /** Of its last one. */
  readonly at: number;
  /** Something was refused; it will be trouble; it went well; it goes on, or was left. */
  readonly state: 'failed' | 'advice' | 'done' | 'open';
  /** Each thing once; what was refused first. */
  readonly faults: readonly AttemptFault[];
  readonly steps: readonly AttemptStep[];
};

/** Steps that share a link are one attempt; the newest first. Steps come in any order. */
export function attemptsIn(kept: readonly KeptStep[]): readonly Attempt[] {
  let groups: { readonly links: Set<string>; readonly steps: readonly KeptStep[] }[] = [];
  for (const one of kept.toSorted(byId)) {
    const own = groups.filter(({ links }) => one.links.some((link) => links.has(link)));
    const steps = [...own.flatMap((group) => group.steps), one].toSorted(byId);
    groups = groups.filter((group) => !own.includes(group));
    groups.push({ links: new Set(steps.flatMap(({ links }) => links)), steps });
  }
  return groups
    .map(({ steps }) => attemptOf(steps))
    .toSorted((a, b) => b.at - a.at || Number(b.id) - Number(a.id))
    .slice(0, ATTEMPTS.shown);
}

const byId = (a: KeptStep, b: KeptStep) => Number(a.id) - Number(b.id);

function attemptOf(all: readonly KeptStep[]): Attempt {
  const steps = all.map((one, at) => shown(one, all.slice(0, at)));
  const refused = steps.filter(({ outcome }) => outcome === 'error');
  const faults = [...new Set([...refused, ...steps].flatMap((step) => step.faults))];
  const isDone = steps.some(({ kind, outcome }) => outcome === 'done' && kind !== 'request');
  const state = refused.length > 0 ? 'failed' : faults.length > 0 ? 'advice' : isDone ? 'done' : 'open';
  return { id: all[0]?.id ?? '', at: steps.at(-1)?.at ?? 0, state, faults, steps };
}

/** With what only the steps before can tell: that a code was given, and when; which address was asked for. */
function shown({ at, step }: KeptStep, before: readonly KeptStep[]): AttemptStep {
  const given = before.find(({ step: { outcome } }) => outcome === 'code');
  const isLate = given !== undefined && at - given.at >= AUTHORIZATION_CODE * 1000;
  const faults = step.faults.map((fault) => (fault === 'code-unknown' && isLate ? 'code-expired' : fault));
  const asked = before.find(({ step: { redirectUri } }) => redirectUri !== undefined)?.step.redirectUri?.sent;
  const uri = step.redirectUri;
  const redirectUri =
    uri && asked !== undefined && step.faults.includes('redirect-uri-differs')
      ? { sent: uri.sent, registered: asked, differs: uriDifference(uri.sent, asked) }
      : uri;
  return { ...step, at, faults, redirectUri: marked(redirectUri), logoutUri: marked(step.logoutUri) };
}

const marked = (uri: SentUri | undefined): ShownUri | undefined =>
  uri && { ...uri, pieces: uri.registered === undefined ? undefined : uriPieces(uri.sent, uri.registered) };
