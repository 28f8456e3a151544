import { TOTP, Secret } from 'otpauth';

/** What an application shows at a moment (ms), `steps` of thirty seconds later or earlier. */
export const codeAt = (secret: string, now: number, steps = 0): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: now + steps * 30_000, algorithm: 'SHA1', digits: 6 });
