import type { Config } from '../config.ts';

/** Whether telephones can be written to; in the emulator the mailbox takes SMS too. */
export const sendsSms = ({ smsWebhookUrl, emulator }: Config): boolean => emulator || smsWebhookUrl !== undefined;
