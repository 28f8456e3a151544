import type { Status } from '#src/domain/account.ts';
import type { Factor } from '#src/domain/factor.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, type AccountShell } from '../../parts/account.ts';
import { factsPart } from '../../parts/facts.ts';
import { dayInWords, deviceInWords, momentInWords } from '../../parts/moment.ts';

/** Milliseconds. The same as in the file. */
export type ExportShown = {
  readonly shell: AccountShell;
  readonly at: number;
  readonly names: string;
  readonly surnames: string;
  readonly run: string;
  readonly birthdate: string | undefined;
  readonly status: Status;
  readonly createdAt: number | undefined;
  readonly updatedAt: number;
  readonly passwordAt: number | undefined;
  readonly identified: string;
  readonly contact: readonly { readonly label: string; readonly value: string; readonly confirmed: boolean }[];
  readonly changes: readonly { readonly at: number; readonly label: string; readonly before: string }[];
  readonly factors: readonly Factor[];
  readonly sessions: readonly { readonly begunAt: number; readonly device: string; readonly network: string }[];
  readonly devices: readonly { readonly name: string; readonly lastAt: number }[];
  readonly sites: readonly { readonly name: string; readonly times: number; readonly lastAt: number }[];
  readonly cases: readonly { readonly at: number; readonly kind: string }[];
  readonly events: readonly {
    readonly at: number;
    readonly kind: string;
    readonly site: string | undefined;
    readonly network?: string | undefined;
  }[];
};

/** Everything that is kept, for reading and printing (R-80). */
export function exportPage(frame: Frame, p: ExportShown): Page {
  const { lang, words } = frame;
  const w = words.download;
  const when = (at: number) => momentInWords({ lang, words, at });
  const list = (head: string, rows: readonly string[]) =>
    html`<section>
      <h2>${head}</h2>
      ${
        rows.length === 0
          ? html`<p class="quiet">${w.none}</p>`
          : html`<ul class="plain-rows">
              ${rows.map((row) => html`<li>${row}</li>`)}
            </ul>`
      }
    </section>`;
  const said: Readonly<Record<string, string>> = { ...w.kinds, ...words.activity.events };
  const born = p.birthdate && dayInWords(lang, Date.parse(`${p.birthdate}T12:00:00Z`));
  const maybe = (at: number | undefined) => (at === undefined ? undefined : when(at));
  const body = html`
    <p>${w.text}</p>
    <p class="no-print">
      <a class="boton boton-principal" href="/cuenta/descarga.json" download="claveunica.json">${w.file}</a>
    </p>
    <p class="quiet no-print">${w.print}</p>
    <p class="quiet">${w.made(when(p.at))}.</p>
    <h2>${w.heads.account}</h2>
    ${factsPart([
      [w.names, p.names],
      [w.surnames, p.surnames],
      [words.account.overview.run, p.run],
      [w.birthdate, born],
      [w.status, w.statuses[p.status]],
      [words.account.overview.identified, p.identified],
      [w.created, maybe(p.createdAt)],
      [w.updated, when(p.updatedAt)],
      [w.password, maybe(p.passwordAt)],
    ])}
    ${list(
      w.heads.contact,
      p.contact.map(({ label, value, confirmed }) => `${label}: ${value}${confirmed ? '' : ` (${w.notConfirmed})`}`),
    )}
    ${list(
      w.heads.changes,
      p.changes.map(({ at, label, before }) => `${when(at)} · ${label} · ${before}`),
    )}
    ${list(
      w.heads.factors,
      p.factors.map((factor) =>
        [w.factors[factor.kind], factor.kind === 'passkey' ? factor.name : '', when(factor.createdAt)]
          .filter(Boolean)
          .join(' · '),
      ),
    )}
    ${list(
      w.heads.sessions,
      p.sessions.map(
        ({ begunAt, device, network }) => `${when(begunAt)} · ${deviceInWords(words, device)} · ${network}`,
      ),
    )}
    ${list(
      w.heads.devices,
      p.devices.map(({ name, lastAt }) => `${deviceInWords(words, name)} · ${when(lastAt)}`),
    )}
    ${list(
      w.heads.sites,
      p.sites.map(({ name, times, lastAt }) => `${name} · ${w.times(times)} · ${when(lastAt)}`),
    )}
    ${list(
      w.heads.cases,
      p.cases.map(({ at, kind }) => `${when(at)} · ${kind}`),
    )}
    <section>
      <h2>${w.heads.events}</h2>
      <div class="table-frame" tabindex="0" role="region" aria-label=${w.heads.events}>
        <table>
          <thead>
            <tr>
              ${[w.table.when, w.table.what, w.table.where, w.table.network].map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${p.events.map(
              ({ at, kind, site, network }) =>
                html`<tr>
                  <td>${when(at)}</td>
                  <td>${said[kind] ?? kind}</td>
                  <td>${site ?? ''}</td>
                  <td>${network ?? ''}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>
  `;
  return accountPage(frame, { shell: p.shell, section: 'export', body });
}
