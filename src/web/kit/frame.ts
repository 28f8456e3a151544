import type { Context } from 'koa';
import type { Frame } from '#views/layout.ts';
import { isLang, words, type Lang } from '#views/words.ts';
import type { Config } from '../../config.ts';
import { SESSION_ABSOLUTE } from '../../domain/lifetimes.ts';
import { happensOnce, SWITCHES, type Switch } from '../../domain/switch.ts';
import type { Parts } from '../../parts.ts';
import type { Assets } from './assets.ts';

/** What each page knows about its reader: language, place, nonce. */
export function frameOf(ctx: Context, { emulator }: Config, assets: Assets): Frame {
  const lang = langOf(ctx);
  return {
    lang,
    words: words(lang),
    nonce: String(ctx.state['nonce']),
    emulator,
    place: ctx.state['place'] === 'console' ? 'console' : undefined,
    assets: { css: assets.url('app.css'), script: assets.url('app.js') },
    // Another language is asked for by the same address. What answers a POST is left for the page of the same step, if any.
    here: ctx.method === 'GET' || ctx.state['alsoShown'] === true ? here(ctx.originalUrl) : undefined,
  };
}

/** For what answers a form and is shown this once: no link for another language leads away from it. */
export const shownOnce = (frame: Frame): Frame => ({ ...frame, here: undefined });

/**
 * As the browser asked: what is mounted knows its path without the place that it is mounted at. Of one slash: two, or one
 * that leans the other way, would name a host.
 */
function here(address: string): string {
  const [path = '', ...rest] = address.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  const query = new URLSearchParams(rest.join('?'));
  query.delete('lang');
  return `/${path.replace(/^[/\\]+/, '')}${query.size > 0 ? `?${query.toString()}` : ''}`;
}

const LANG = 'lang';

/** By address, by the RP's wish (`ui_locales`), by an earlier choice, by the browser; else Spanish. */
export function langOf(ctx: Context): Lang {
  const chosen = ctx.query['lang'];
  if (typeof chosen === 'string' && isLang(chosen)) {
    if (ctx.cookies.get(LANG) !== chosen)
      ctx.cookies.set(LANG, chosen, { httpOnly: true, sameSite: 'lax', secure: ctx.secure, maxAge: 365 * 86_400_000 });
    return chosen;
  }
  const wished = String(ctx.state['uiLocales'] ?? '')
    .split(' ')
    .map((tag) => tag.slice(0, 2).toLowerCase());
  const asked = [ctx.cookies.get(LANG) ?? '', ...wished].find(isLang);
  return asked ?? (ctx.acceptsLanguages('es', 'en') === 'en' ? 'en' : 'es');
}

/** So long a page says that all sessions were ended: as long as one may have lived. */
const SAID_MS = SESSION_ABSOLUTE * 1000;

/** What every page says above all: a store that does not answer takes no page away. */
export async function stoppedNow({
  switches,
  clock,
}: Pick<Parts, 'switches' | 'clock'>): Promise<readonly Switch[] | undefined> {
  const since = await switches.since().catch(() => new Map<Switch, number>());
  return SWITCHES.filter((name) => {
    const at = since.get(name);
    return at !== undefined && (!happensOnce(name) || clock() - at < SAID_MS);
  });
}
