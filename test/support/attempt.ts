import { setTimeout as sleep } from 'node:timers/promises';
import { browser } from './browser.ts';
import {
  basic,
  CALLBACK,
  CLAUDIA,
  LUIS,
  MARIA,
  MUNICIPIO,
  post,
  request,
  TERESA,
  VERIFIER,
  type Someone,
} from './rp.ts';

/** How a sign-in went: `in`, or the step that went wrong and its status; 0 when there was no answer at all. */
export type Attempt = {
  readonly in: boolean;
  readonly step: string;
  readonly status: number;
  readonly text: string;
  /** The ID token of who is in. */
  readonly id?: string;
};

const PEOPLE = [MARIA, CLAUDIA, LUIS, TERESA] as const;
let count = 0;

/**
 * Somebody signs in with a new browser, from the request to the token; never throws. Each time somebody else, from
 * elsewhere (where `TRUSTED_PROXIES` has 127.0.0.1): many tries of one person at one place are slowed down, and the
 * sixth session of a person ends her first, whose code is then worth nothing.
 */
export async function attempt(origin: string, somebody?: Someone): Promise<Attempt> {
  const user = browser(origin);
  count++;
  const person = somebody ?? PEOPLE[count % PEOPLE.length];
  const html = { accept: 'text/html', 'x-forwarded-for': `10.${count >> 8}.${count & 255}.7` };
  let step = 'authorize';
  const wrong = ({ status, text }: { status: number; text: string }) => ({ in: false, step, status, text });
  try {
    const asked = await user.get(request(MUNICIPIO), html);
    if (asked.status !== 303) return wrong(asked);
    step = 'page';
    const page = await user.get(asked.location, html);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1];
    if (page.status !== 200 || csrf === undefined) return wrong(page);
    step = 'form';
    const sent = await user.post(asked.location.replace(/\?.*/, ''), { ...person, csrf }, html);
    if (sent.status !== 303) return wrong(sent);
    step = 'resume';
    const resumed = await user.get(sent.location, html);
    const code = URL.parse(resumed.location)?.searchParams.get('code');
    if (resumed.status !== 303 || !code) return wrong(resumed);
    step = 'token';
    const fields = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
    const tokens = await post(`${origin}/openid/token`, fields, basic(MUNICIPIO));
    if (tokens.status !== 200) return wrong(tokens);
    return { in: true, step: '', status: 200, text: '', id: String(tokens.json['id_token']) };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return wrong({ status: 0, text: `${String(error)} ${String(cause)}` });
  }
}

/** People sign in one after the other until somebody gets in. Tells how those before went, and how long it took. */
export async function untilIn(origin: string, most = 20_000) {
  const begun = performance.now();
  const refused: Attempt[] = [];
  for (;;) {
    const result = await attempt(origin);
    const took = performance.now() - begun;
    if (result.in) return { refused, took };
    refused.push(result);
    if (took > most) throw new Error(`nobody gets in: ${result.step} ${result.status} ${result.text.slice(0, 300)}`);
    await sleep(50);
  }
}
