import { setTimeout as sleep } from 'node:timers/promises';
import { browser } from './browser.ts';
import { basic, CALLBACK, MARIA, MUNICIPIO, post, request, VERIFIER, type Someone } from './rp.ts';

/** How a sign-in went: `in`, or the step that went wrong and its status; 0 when there was no answer at all. */
export type Attempt = { readonly in: boolean; readonly step: string; readonly status: number; readonly text: string };

const HTML = { accept: 'text/html' };

/** Somebody signs in with a new browser, from the request to the token; never throws. */
export async function attempt(origin: string, person: Someone = MARIA): Promise<Attempt> {
  const user = browser(origin);
  let step = 'authorize';
  const wrong = ({ status, text }: { status: number; text: string }) => ({ in: false, step, status, text });
  try {
    const asked = await user.get(request(MUNICIPIO), HTML);
    if (asked.status !== 303) return wrong(asked);
    step = 'page';
    const page = await user.get(asked.location, HTML);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1];
    if (page.status !== 200 || csrf === undefined) return wrong(page);
    step = 'form';
    const sent = await user.post(asked.location.replace(/\?.*/, ''), { ...person, csrf }, HTML);
    if (sent.status !== 303) return wrong(sent);
    step = 'resume';
    const resumed = await user.get(sent.location, HTML);
    const code = URL.parse(resumed.location)?.searchParams.get('code');
    if (resumed.status !== 303 || !code) return wrong(resumed);
    step = 'token';
    const fields = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: VERIFIER };
    const tokens = await post(`${origin}/openid/token`, fields, basic(MUNICIPIO));
    if (tokens.status !== 200) return wrong(tokens);
    return { in: true, step: '', status: 200, text: '' };
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
