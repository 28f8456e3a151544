/** X.509 certificates made on the spot (RFC 5280): Node signs, but does not write them. */
import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

const tlv = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : body.length < 256
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
};
const sequence = (...parts: readonly Buffer[]) => tlv(0x30, ...parts);
const oid = (hex: string) => tlv(0x06, Buffer.from(hex, 'hex'));
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const nameOf = (common: string) => sequence(tlv(0x31, sequence(oid('550403'), tlv(0x0c, Buffer.from(common)))));
const time = (date: Date) =>
  tlv(
    0x17,
    Buffer.from(
      date
        .toISOString()
        .replace(/[-T:]|\.\d+/g, '')
        .slice(2),
    ),
  );
const extension = (id: string, value: Buffer) => sequence(oid(id), tlv(0x04, value));

export type Identity = { readonly key: string; readonly cert: string; readonly der: Buffer };
type Issuer = { readonly name: string; readonly privateKey: KeyObject };
type Wish = {
  readonly name: string;
  readonly hosts?: readonly string[];
  readonly by?: Issuer;
  readonly isCa?: boolean;
};

const DAY = 86_400_000;

/** Self-signed unless `by` somebody; good from yesterday for a month. */
export function certify({ name, hosts = [], by, isCa = false }: Wish): Identity & Issuer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const alternatives = hosts.map((host) => tlv(0x82, Buffer.from(host)));
  const extensions = [
    ...(isCa ? [extension('551d13', sequence(tlv(0x01, Buffer.from([255]))))] : []),
    ...(hosts.length > 0 ? [extension('551d11', sequence(...alternatives))] : []),
  ];
  const now = Date.now();
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(12)])),
    ECDSA_SHA256,
    nameOf(by?.name ?? name),
    sequence(time(new Date(now - DAY)), time(new Date(now + 30 * DAY))),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [tlv(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign('sha256', body, by?.privateKey ?? privateKey);
  const der = sequence(body, ECDSA_SHA256, tlv(0x03, Buffer.from([0]), signature));
  const cert = `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
  return { name, privateKey, key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert, der };
}
