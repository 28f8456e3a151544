import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';

/** The state website (relying party) as a citizen sees it. `logo` must be an own or a data: URL, or the CSP must allow it. */
export type Rp = {
  readonly name: string;
  readonly host: string;
  readonly logo?: string | undefined;
  readonly policy?: string | undefined;
  readonly terms?: string | undefined;
};

/** Name, host and logo, so that a person sees where she is going. */
export const siteCard = (words: Words, rp: Rp): Page => html`
  <div class="site">
    ${
      rp.logo === undefined
        ? html`<span class="site-letter" aria-hidden="true"
            >${String.fromCodePoint(rp.name.codePointAt(0) ?? 0x2022)}</span
          >`
        : html`<img class="site-logo" src=${rp.logo} alt="" width="44" height="44" />`
    }
    <p class="site-text">
      <span class="site-for">${words.site.for}</span>${' '}<strong class="site-name">${rp.name}</strong>${' '}
      <span class="site-host">${rp.host}</span>
    </p>
  </div>
`;

/** Its own policy and terms; another tab, so that the form is not lost. */
export const siteLinks = (words: Words, rp: Rp): Page | undefined => {
  const links = [
    { href: rp.policy, label: words.site.policy },
    { href: rp.terms, label: words.site.terms },
  ].filter((link) => link.href !== undefined);
  if (links.length === 0) return undefined;
  return html`<p class="site-links">
    ${links.map(
      ({ href, label }) =>
        html`<a href=${href} target="_blank" rel="noopener noreferrer"
          >${label}<span class="unseen"> (${words.frame.newWindow})</span></a
        >`,
    )}
  </p>`;
};
