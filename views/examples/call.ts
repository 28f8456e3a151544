import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { codeGonePage, codePage, codeReadyPage, type CodeGone } from '../pages/call/code.ts';
import { callMessagePage, callRoomPage, type CallMessage } from '../pages/call/room.ts';
import { callTestPage } from '../pages/call/test.ts';
import { noCallPage, officerCallPage } from '../pages/console/call.ts';
import type { ConsoleShell } from '../parts/console.ts';

const now = Date.UTC(2026, 4, 16, 18, 3);
const shell: ConsoleShell = {
  ...{ csrf: 'example', name: 'Rosa Elena Muñoz Tapia', roles: ['officer'], rooms: ['home'], now },
};
const inside = (frame: Frame): Frame => ({ ...frame, place: 'console' });
const said = (message: CallMessage) => (frame: Frame) => callMessagePage(frame, message);

const lost = (about: Partial<CodeGone>) => (frame: Frame) =>
  codeGonePage(frame, { csrf: 'example', action: '/emulador/paginas', kept: false, ...about });

/** The video call in each of its states. */
export const callPages: Readonly<Record<string, (frame: Frame) => Page>> = {
  call: (frame) => callRoomPage(frame, { here: '', stage: 'waiting' }),
  'call-late': (frame) => callRoomPage(frame, { here: '', stage: 'waiting', late: true }),
  'call-code-there': (frame) => callRoomPage(frame, { here: '', stage: 'code' }),
  'call-test': (frame) => callTestPage(frame, { here: '/', ice: { iceServers: [], iceTransportPolicy: 'all' } }),
  'call-early': said({ kind: 'early', here: '/', when: 'hoy a las 15:20' }),
  'call-closed': said({ kind: 'closed' }),
  'call-review': said({ kind: 'review' }),
  'call-rejected': said({ kind: 'rejected', why: 'picture-poor' }),
  'call-over': said({ kind: 'over' }),
  'call-code-ready': (frame) => codeReadyPage(frame, { csrf: 'example', action: '/emulador/paginas' }),
  'call-code': (frame) => codePage(frame, { code: '7K2M-9QXT-4B8N-WH', until: now + 86_400_000, now }),
  'call-code-gone': lost({}),
  'call-code-another': lost({ another: { left: 2, version: 7 } }),
  'call-code-kept': lost({ kept: true, another: { left: 1, version: 8 } }),
  'call-code-elsewhere': said({ kind: 'code-elsewhere' }),
  'console-call': (frame) => officerCallPage(inside(frame), { shell, caseId: '', stage: 'talking', hand: undefined }),
  'console-call-none': (frame) => noCallPage(inside(frame), shell),
};
