import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, ROOMS, type ConsoleShell } from '../../parts/console.ts';
import { dayInWords } from '../../parts/moment.ts';

export type ConsoleHome = {
  readonly shell: ConsoleShell;
  readonly firstName: string;
  /** Milliseconds; undefined when it is too long ago, or never was. */
  readonly trainedAt: number | undefined;
  /** Whether her roles want a training. */
  readonly wantsTraining: boolean;
  /** Proposals that she could decide. */
  readonly waiting: number;
};

/** What she finds when she comes in. */
export function consoleHomePage(frame: Frame, p: ConsoleHome): Page {
  const w = frame.words.console;
  const { shell } = p;
  const body = html`
    <p class="lead">${w.home.lead}</p>
    ${
      p.wantsTraining &&
      html`<p class=${p.trainedAt === undefined ? 'problem' : 'note'}>
        ${p.trainedAt === undefined ? w.home.untrained : w.home.trained(dayInWords(frame.lang, p.trainedAt))}
      </p>`
    }
    ${
      p.waiting > 0 &&
      html`<p class="note">
        ${w.home.waiting(p.waiting)}${' '}<a href=${`${ROOMS.staff}#propuestas`}>${w.home.look}</a>.
      </p>`
    }
    <ul class="console-doors">
      ${shell.rooms
        .filter((room) => room !== 'home')
        .map(
          (room) =>
            html`<li>
              <a href=${ROOMS[room]}><strong>${w.rooms[room].title}</strong><span>${w.rooms[room].text}</span></a>
            </li>`,
        )}
    </ul>
  `;
  return consolePage(frame, { shell, room: 'home', title: w.home.hello(p.firstName), body });
}
