import type { Identified } from '#src/domain/account.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, SECTIONS, type AccountShell, type Section } from '../../parts/account.ts';
import { factsPart } from '../../parts/facts.ts';
import { deviceInWords, inPlainWords } from '../../parts/moment.ts';

export type Overview = {
  readonly shell: AccountShell;
  readonly firstName: string;
  readonly name: string;
  readonly run: string;
  readonly identified: Identified;
  /** Confirmed. */
  readonly email: string | undefined;
  /** Backup codes that are left, when those are few and something asks for them. */
  readonly fewCodes?: number | undefined;
  /** The time before this one; milliseconds. */
  readonly last: { readonly at: number; readonly device: string } | undefined;
};

/** Who she is, when she was last here, and where everything is. */
export function overviewPage(frame: Frame, p: Overview): Page {
  const { lang, words } = frame;
  const w = words.account;
  const o = w.overview;
  const doors = (Object.keys(SECTIONS) as readonly Section[]).filter((name) => name !== 'overview');
  const body = html`
    <p class="lead">${w.hello(p.firstName)}.</p>
    <p class="note">
      ${
        p.last
          ? o.lastAccess(
              inPlainWords({ lang, words, at: p.last.at, now: p.shell.now }),
              deviceInWords(words, p.last.device),
            )
          : o.firstAccess
      }
      ${p.last && html`${' '}${o.notMe}${' '}<a href=${SECTIONS.sessions}>${o.notMeLink}</a>.`}
    </p>
    ${
      p.email === undefined &&
      html`<p class="problem">${o.noEmail}${' '}<a href=${SECTIONS.contact}>${o.addEmail}</a>.</p>`
    }
    ${
      p.fewCodes !== undefined &&
      html`<p class="note">
        ${o.fewCodes(p.fewCodes)}${' '}<a href=${`${SECTIONS.factors}/codigos`}>${o.makeCodes}</a>.
      </p>`
    }
    ${factsPart([
      [o.name, p.name],
      [o.run, p.run],
      [o.email, p.email],
      [o.identified, o.identifiedBy[p.identified]],
    ])}
    <ul class="account-doors">
      ${doors.map(
        (name) =>
          html`<li>
            <a href=${SECTIONS[name]}
              ><strong>${w.sections[name].title}</strong><span>${w.sections[name].text}</span></a
            >
          </li>`,
      )}
    </ul>
  `;
  return accountPage(frame, { shell: p.shell, section: 'overview', body });
}
