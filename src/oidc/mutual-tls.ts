import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Configuration } from 'oidc-provider';
import type { Config } from '../config.ts';
import { isIssuedByKnown } from './authorities.ts';

type Features = NonNullable<Configuration['features']>;
type Asked = {
  readonly req: Pick<IncomingMessage, 'socket'>;
  readonly state: { readonly certificate?: X509Certificate };
};

/** What the other end showed on the port that asks for it, to us or to a proxy of ours. */
export const certificateOf = ({ req: { socket }, state }: Asked): X509Certificate | undefined =>
  socket instanceof TLSSocket ? socket.getPeerX509Certificate() : state.certificate;

/** Client certificates, self-signed or of an authority, and tokens that are bound to them (RFC 8705). */
export const mutualTls = (mtls: Config['mtls'], clock: () => number): NonNullable<Features['mTLS']> => ({
  enabled: mtls !== undefined,
  certificateBoundAccessTokens: true,
  selfSignedTlsClientAuth: true,
  tlsClientAuth: true,
  getCertificate: certificateOf,
  certificateAuthorized: (ctx) => {
    const { socket } = ctx.req;
    if (socket instanceof TLSSocket) return socket.authorized;
    const certificate = certificateOf(ctx);
    return certificate !== undefined && isIssuedByKnown(certificate, clock());
  },
  certificateSubjectMatches: (ctx, property, expected) => {
    const certificate = certificateOf(ctx);
    if (!certificate) return false;
    if (property === 'tls_client_auth_subject_dn') return sameName(certificate.subject, expected);
    const kind = SAN[property];
    const names = (certificate.subjectAltName ?? '').split(', ');
    return kind !== undefined && names.includes(`${kind}:${expected}`);
  },
});

const SAN: Readonly<Record<string, string>> = {
  tls_client_auth_san_dns: 'DNS',
  tls_client_auth_san_email: 'email',
  tls_client_auth_san_ip: 'IP Address',
  tls_client_auth_san_uri: 'URI',
};

/** Node writes a name's parts in their own order, one a line; RFC 4514 §2.1 the last one first, with commas. */
function sameName(subject: string, expected: string): boolean {
  const parts = (text: string, between: RegExp) =>
    text
      .split(between)
      .map((part) => part.replace(/^\s*(\w+)\s*=\s*/, (_, type: string) => `${type.toUpperCase()}=`).trim());
  const shown = parts(subject, /\n/);
  const wanted = parts(expected, /(?<!\\),/).map((part) => part.replace(/\\([,+"\\<>;= ])/g, '$1'));
  return shown.join('\n') === wanted.toReversed().join('\n');
}

/** The same calls on the port that asks for certificates (RFC 8705 §5). */
export const aliases = ({ origin }: NonNullable<Config['mtls']>, { ciba = false } = {}) => ({
  token_endpoint: `${origin}/openid/token`,
  revocation_endpoint: `${origin}/openid/token/revocation`,
  introspection_endpoint: `${origin}/openid/token/introspection`,
  pushed_authorization_request_endpoint: `${origin}/openid/request`,
  userinfo_endpoint: `${origin}/openid/userinfo`,
  ...(ciba && { backchannel_authentication_endpoint: `${origin}/openid/backchannel` }),
});
