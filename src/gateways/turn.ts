import { createHmac } from 'node:crypto';
import type { Config } from '../config.ts';

/** What a browser is told of the way to another one; the shape of `RTCConfiguration`. */
export type Ice = {
  readonly iceServers: readonly {
    readonly urls: readonly string[];
    readonly username?: string;
    readonly credential?: string;
  }[];
  readonly iceTransportPolicy: 'all' | 'relay';
};
/** Credentials of one side of one room, good until that moment (milliseconds). */
export type Turn = (until: number, who: string) => Ice;

/**
 * As coturn's `use-auth-secret` checks them: the user's name begins with when it ends, and the password is its HMAC. So
 * nobody who once was in a call can use the relay for something else.
 */
export const turnCredentials =
  ({ urls, secret, only }: Config['turn']): Turn =>
  (until, who) => {
    const iceTransportPolicy = only ? 'relay' : 'all';
    if (urls.length === 0) return { iceServers: [], iceTransportPolicy };
    const plain = urls.filter((url) => url.startsWith('stun'));
    const relays = urls.filter((url) => !url.startsWith('stun'));
    const username = `${String(Math.ceil(until / 1000))}:${who}`;
    const credential = createHmac('sha1', secret).update(username).digest('base64');
    return {
      iceServers: [
        ...(plain.length > 0 ? [{ urls: plain }] : []),
        ...(relays.length > 0 ? [{ urls: relays, username, credential }] : []),
      ],
      iceTransportPolicy,
    };
  };
