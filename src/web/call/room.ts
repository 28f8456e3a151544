import { callMessagePage, callRoomPage, type CallMessage } from '#views/pages/call/room.ts';
import { codeReadyPage } from '#views/pages/call/code.ts';
import { callTestPage } from '#views/pages/call/test.ts';
import { inPlainWords } from '#views/parts/moment.ts';
import { rejectionOf } from '../../flows/end-case.ts';
import { arrive } from '../../flows/room.ts';
import type { Act, FlowVisit, Reply } from '../kit/row.ts';

export const hereOf = ({ params }: FlowVisit) => `/videollamada/${params['token'] ?? ''}`;
export const message = (visit: FlowVisit, status: number, said: CallMessage): Reply => ({
  status,
  page: callMessagePage(visit.frame, said),
});

/** Whatever a room's link leads to, at that moment: nobody stands before a closed door. */
export const showRoom: Act<FlowVisit> = async (visit, parts) => {
  const here = hereOf(visit);
  const found = await arrive(parts, visit.params['token'] ?? '');
  if (found.kind === 'unknown' || found.kind === 'over')
    return message(visit, found.kind === 'over' ? 410 : 404, { kind: 'closed' });
  if (found.kind === 'early') {
    const { lang, words } = visit.frame;
    const when = inPlainWords({ lang, words, at: found.room.opensAt, now: parts.clock() });
    return message(visit, 200, { kind: 'early', here, when });
  }
  const { stage } = found;
  // `code`, too, when the room itself is over.
  switch (stage) {
    case 'waiting':
    case 'talking':
      return { status: 200, page: callRoomPage(visit.frame, { here, stage }), camera: true };
    case 'code':
      return { status: 200, page: codeReadyPage(visit.frame, { csrf: visit.csrf, action: here }) };
    case 'rejected':
      return message(visit, 200, { kind: stage, why: await rejectionOf(parts, found.enrolment.id) });
    case 'review':
    case 'over':
      return message(visit, 200, { kind: stage });
  }
};

const TEST_MS = 15 * 60_000;

/** Camera, microphone and network, at any time before the call. */
export const showCallTest: Act<FlowVisit> = async (visit, parts) => {
  const found = await arrive(parts, visit.params['token'] ?? '');
  if (found.kind === 'unknown' || found.kind === 'over' || found.kind === 'code')
    return message(visit, found.kind === 'unknown' ? 404 : 410, { kind: 'closed' });
  const ice = parts.turn(parts.clock() + TEST_MS, `t-${found.room.caseId}`);
  return { status: 200, page: callTestPage(visit.frame, { here: hereOf(visit), ice }), camera: true };
};
