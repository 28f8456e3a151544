import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';

/** Extended key usage: a client's certificate, or any use (RFC 5280 §4.2.1.12). */
const FOR_CLIENTS = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

let known: readonly X509Certificate[] | undefined;
/** The usual ones, and those of NODE_EXTRA_CA_CERTS: read when the first certificate is to be judged. */
const authorities = () => (known ??= getCACertificates('default').map((pem) => new X509Certificate(pem)));

/**
 * Whether an authority that we trust has issued it, for today and for clients. Where the process ends TLS itself the
 * handshake has found this out; a proxy before us takes self-signed ones as well, and does not tell.
 */
export function isIssuedByKnown(certificate: X509Certificate, now: number): boolean {
  const isToday = ({ validFrom, validTo }: X509Certificate) =>
    Date.parse(validFrom) <= now && now < Date.parse(validTo);
  // The types promise it always; without the extension there is none.
  const uses = certificate.keyUsage as readonly string[] | undefined;
  if (!isToday(certificate) || (uses && !uses.some((use) => FOR_CLIENTS.includes(use)))) return false;
  return authorities().some(
    (authority) =>
      authority.ca &&
      isToday(authority) &&
      certificate.checkIssued(authority) &&
      certificate.verify(authority.publicKey),
  );
}
