import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';
import { hidden } from './form.ts';

/** A made-up person of the emulator who can sign in. */
export type DemoPerson = {
  readonly run: string;
  readonly name: string;
  readonly password: string;
  readonly note?: string | undefined;
};

/** One press signs in: the same form, already filled. */
export function demoPeople(
  words: Words,
  p: { readonly people: readonly DemoPerson[]; readonly action: string; readonly csrf: string },
): Page {
  const w = words.logIn.demo;
  return html`
    <aside class="demo" aria-labelledby="demo">
      <h2 id="demo">${w.title}</h2>
      <p>${w.text}</p>
      <ul>
        ${p.people.map(
          ({ run, name, password, note }) =>
            html`<li>
              <form method="post" action=${p.action} novalidate>
                ${hidden('csrf', p.csrf)} ${hidden('run', run)} ${hidden('password', password)}
                <button class="demo-person">
                  <span class="unseen">${w.enter}</span>${' '} <span class="demo-name">${name}</span>${' '}<span
                    class="demo-run"
                    >${run}</span
                  >
                  ${note !== undefined && html`${' '}<span class="demo-note">${note}</span>`}
                </button>
              </form>
            </li>`,
        )}
      </ul>
    </aside>
  `;
}
