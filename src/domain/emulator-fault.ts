/** What the emulator can be told to do wrong on purpose (INTERFACE: `/emulador/fallas`); what its civil registry can is in registry.ts. */

/** What a site meets at the token endpoint. */
export const SITE_FAULTS = ['none', 'expired-code', 'wrong-audience'] as const;
export type SiteFault = (typeof SITE_FAULTS)[number];

/** For whom an ID token is then: nobody. */
export const OTHER_AUDIENCE = 'otro-cliente';

/** How letters come: the last one later than a code lives that was sent by mail. */
export const MAIL_FAULTS = ['none', 'slow', 'slower'] as const;
export type MailFault = (typeof MAIL_FAULTS)[number];

const MINUTE = 60_000;
export const MAIL_DELAYS: Readonly<Record<MailFault, number>> = { none: 0, slow: 2 * MINUTE, slower: 15 * MINUTE };

/** How something is, and since when (milliseconds). */
export type Switched<T> = { readonly fault: T; readonly since: number };

type Sent = { readonly channel: 'email' | 'sms'; readonly at: number };

/** Whether a letter is still on its way. One that had come before mail was slow stays where it is. */
export const isOnItsWay = (sent: Sent, { fault, since }: Switched<MailFault>, now: number): boolean =>
  sent.channel === 'email' && sent.at >= since && now < sent.at + MAIL_DELAYS[fault];
