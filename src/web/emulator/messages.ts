import { emulatorMessagesPage } from '#views/pages/emulator/messages.ts';
import { isOnItsWay } from '../../domain/emulator-fault.ts';
import type { Parts } from '../../parts.ts';
import type { Act } from '../kit/row.ts';

/** What has come, newest first, and how much is on its way while mail is slow. */
async function postOf({ mailbox, mailFault, clock }: Pick<Parts, 'mailbox' | 'mailFault' | 'clock'>) {
  const all = mailbox?.list() ?? [];
  const slow = await mailFault?.now();
  const come = slow === undefined ? all : all.filter((message) => !isOnItsWay(message, slow, clock()));
  return { come, slow: slow && { fault: slow.fault, letters: all.length - come.length } };
}

export const showMessages: Act = async ({ frame }, parts) => {
  const { come, slow } = await postOf(parts);
  const messages = come.map(({ id, at, channel, to, subject, text }) => ({
    ...{ id, to, subject, text, at: new Date(at).toISOString() },
    channel: channel === 'email' ? ('mail' as const) : channel,
  }));
  return { status: 200, page: emulatorMessagesPage(frame, { messages, slow }) };
};

export const listMessages: Act = async (_visit, parts) => ({
  status: 200,
  json: (await postOf(parts)).come.map((message) => ({ ...message, at: new Date(message.at).toISOString() })),
});
