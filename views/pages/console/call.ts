import type { CallStage } from '#src/domain/room.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { callPart } from '../../parts/call.ts';
import { consolePage, ROOMS, type ConsoleShell } from '../../parts/console.ts';
import { mainWay, otherWay } from '../../parts/way.ts';
import { casePart, type CaseInHand } from './case.ts';

export type OfficerCall = {
  readonly shell: ConsoleShell;
  /** Empty in an example, which calls nobody. */
  readonly caseId: string;
  readonly stage: CallStage;
  /** What she does while she sees and hears. */
  readonly hand: CaseInHand | undefined;
};

const AGENDA = ROOMS.agenda;

/** The officer's side: the citizen at one side, what is to be checked at the other. */
export function officerCallPage(frame: Frame, { shell, caseId, stage, hand }: OfficerCall): Page {
  const w = frame.words.call;
  const agenda = otherWay({ href: AGENDA, label: w.officer.toAgenda });
  const body = html`
    <p class="quiet">${w.leadOfficer}</p>
    <div class="call-desk">
      <div class="call-side">
        ${callPart(frame, { side: 'officer', stage, socket: caseId === '' ? '' : `/llamada/${caseId}/enlace`, ways: agenda })}
        <p class="ways" data-when="code review rejected over" hidden=${stage === 'talking'}>${agenda}</p>
      </div>
      <div class="call-work">
        ${
          hand
            ? casePart(frame, hand)
            : html`<p class="note">${w.officer.ended}</p>
                <p>${agenda}</p>`
        }
      </div>
    </div>
  `;
  return consolePage(frame, {
    shell,
    room: 'agenda',
    title: w.officer.title,
    body,
    scripts: ['call', 'checklist'],
  });
}

export function noCallPage(frame: Frame, shell: ConsoleShell): Page {
  const { gone, toAgenda } = frame.words.call.officer;
  const body = html`<p class="lead">${gone.text}</p>
    <p class="ways">${mainWay({ href: AGENDA, label: toAgenda })}</p>`;
  return consolePage(frame, { shell, room: 'agenda', title: gone.title, body });
}
