import { TOTP } from '../domain/factor.ts';

/** Codes of an application on the citizen's phone (RFC 6238): SHA-1, six digits, thirty seconds, as all of them know it. */
export interface OneTimeCodes {
  /** The step of a right code, one before and one after now included; undefined for a wrong one. `secret` is base 32. */
  stepOf(secret: string, code: string, now: number): Promise<number | undefined>;
  /** The code of now. */
  codeOf(secret: string, now: number): Promise<string>;
  /** A secret of so many random bytes (base64url), in base 32. */
  secretOf(random: string): Promise<string>;
  /** What an application reads from the picture. */
  address(secret: string, person: string): Promise<string>;
  /** The picture of an address: SVG, no third party. */
  picture(address: string): Promise<string>;
}

const ISSUER = 'ClaveÚnica';
const SETTINGS = { algorithm: 'SHA1', digits: TOTP.digits, period: TOTP.seconds } as const;

export function oneTimeCodes(): OneTimeCodes {
  const load = () => import('otpauth');
  return {
    async stepOf(secret, code, now) {
      const otp = await load();
      const delta = otp.TOTP.validate({
        ...{ token: code, timestamp: now, window: TOTP.window, ...SETTINGS },
        secret: otp.Secret.fromBase32(secret),
      });
      return delta === null ? undefined : Math.floor(now / 1000 / TOTP.seconds) + delta;
    },
    async codeOf(secret, now) {
      const otp = await load();
      return otp.TOTP.generate({ timestamp: now, ...SETTINGS, secret: otp.Secret.fromBase32(secret) });
    },
    async secretOf(random) {
      const { Secret } = await load();
      return new Secret({ buffer: new Uint8Array(Buffer.from(random, 'base64url')).buffer }).base32;
    },
    async address(secret, person) {
      const otp = await load();
      return new otp.TOTP({ issuer: ISSUER, label: person, secret, ...SETTINGS }).toString();
    },
    async picture(address) {
      const { default: qrcode } = await import('qrcode');
      return qrcode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
    },
  };
}
