import type { AlertKind } from '#src/domain/alert.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';

export type ShownAlert = {
  readonly id: string;
  readonly kind: AlertKind;
  readonly at: number;
  /** Whose doing it is about, and who said that she has seen it. */
  readonly actor?: string | undefined;
  readonly seenBy?: string | undefined;
  readonly seenAt?: number | undefined;
};
export type AlertsRoom = {
  readonly shell: ConsoleShell;
  readonly alerts: readonly ShownAlert[];
  readonly open: boolean;
  readonly mayAcknowledge: boolean;
  /** There are earlier ones, before this one. */
  readonly before?: string | undefined;
  readonly refused?: Refusal | undefined;
};

/** What somebody must look at now (R-65, R-100). */
export function alertsPage(frame: Frame, p: AlertsRoom): Page {
  const w = frame.words.alerts.room;
  const body = html`
    <p class="lead">${w.lead}</p>
    <p class="ways">
      <a href=${ROOMS.alerts} aria-current=${p.open ? 'page' : undefined}>${w.open}</a>
      <a href=${`${ROOMS.alerts}?todas=si`} aria-current=${p.open ? undefined : 'page'}>${w.all}</a>
    </p>
    ${
      p.alerts.length === 0
        ? html`<p class="note" role="status">${p.open ? w.noneOpen : w.none}</p>`
        : html`<ul class="waiting">
            ${p.alerts.map((alert) => one(frame, p, alert))}
          </ul>`
    }
    ${
      p.before !== undefined &&
      html`<p class="ways">
        <a
          class="boton boton-segundo"
          href=${`${ROOMS.alerts}?${p.open ? '' : 'todas=si&'}antes=${encodeURIComponent(p.before)}`}
          >${w.more}</a
        >
      </p>`
    }
  `;
  return consolePage(frame, { shell: p.shell, room: 'alerts', refused: p.refused, body });
}

function one(frame: Frame, { shell, mayAcknowledge }: AlertsRoom, alert: ShownAlert): Page {
  const { lang, words } = frame;
  const { kinds, room: w } = words.alerts;
  const when = (at: number) => inPlainWords({ lang, words, at, now: shell.now });
  const { title, todo } = kinds[alert.kind];
  return html`<li>
    <strong>${title}</strong>
    <span>${todo}</span>
    <span class="soft">${when(alert.at)}${alert.actor !== undefined && ` · ${alert.actor}`}</span>
    ${
      alert.seenAt !== undefined
        ? html`<span class="soft">${w.seen(alert.seenBy ?? '—', when(alert.seenAt))}</span>`
        : mayAcknowledge &&
          html`<form method="post" action=${`${ROOMS.alerts}/${alert.id}`}>
            ${hidden('csrf', shell.csrf)}<button class="boton boton-segundo">${w.acknowledge}</button>
          </form>`
    }
  </li>`;
}
