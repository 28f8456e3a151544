import { z } from 'zod';
import { onPort, origin, port } from './fields.ts';

export type MtlsConfig = {
  readonly port: number;
  /** Of the port that asks for client certificates. */
  readonly origin: string;
  /** A proxy of ours has asked, and tells in a header. */
  readonly byProxy: boolean;
};

/** Where state websites show client certificates (RFC 8705): to this process, or to a proxy before it (RFC 9440). */
export const mtlsVariables = {
  MTLS_PORT: port(0).describe('where state websites arrive that show a client certificate (RFC 8705); 0: nowhere'),
  MTLS_ORIGIN: origin
    .optional()
    .describe('the public address of `MTLS_PORT`; by default the host of `PUBLIC_ORIGIN` at that port'),
  CLIENT_CERT_HEADER: z
    .enum(['0', '1'])
    .default('0')
    .describe(
      '1: `TRUSTED_PROXIES` end TLS before `MTLS_PORT` and pass certificates on in `Client-Cert` (RFC 9440); nobody else may call there',
    ),
};
type MtlsEnv = z.output<z.ZodObject<typeof mtlsVariables>>;

export const mtlsOf = (
  { MTLS_PORT: port, MTLS_ORIGIN, CLIENT_CERT_HEADER }: MtlsEnv,
  publicOrigin: string,
): MtlsConfig | undefined =>
  port === 0
    ? undefined
    : { port, origin: MTLS_ORIGIN ?? onPort(publicOrigin, port), byProxy: CLIENT_CERT_HEADER === '1' };

type Env = Readonly<Record<string, string | undefined>>;

export function mtlsFaults({ MTLS_PORT = '0', MTLS_ORIGIN, CLIENT_CERT_HEADER, TLS_CERT, ...env }: Env): string[] {
  const [asks, byProxy, faults] = [MTLS_PORT !== '0', CLIENT_CERT_HEADER === '1', [] as string[]];
  if (asks && TLS_CERT === undefined && !byProxy)
    faults.push('MTLS_PORT: needs TLS_CERT, or CLIENT_CERT_HEADER=1 behind a proxy');
  if (byProxy && !asks)
    faults.push('CLIENT_CERT_HEADER: needs MTLS_PORT, to which the proxy passes on what has a certificate');
  if (byProxy && env['TRUSTED_PROXIES'] === undefined) faults.push('CLIENT_CERT_HEADER: needs TRUSTED_PROXIES');
  if (byProxy && TLS_CERT !== undefined)
    faults.push('CLIENT_CERT_HEADER: does not go with TLS_CERT: the proxy asks for certificates, or the process');
  if (byProxy && !env['PUBLIC_ORIGIN']?.startsWith('https:'))
    faults.push('PUBLIC_ORIGIN: must be https with CLIENT_CERT_HEADER=1');
  if (MTLS_ORIGIN !== undefined && !asks) faults.push('MTLS_ORIGIN: needs MTLS_PORT');
  if (MTLS_ORIGIN?.startsWith('http:')) faults.push('MTLS_ORIGIN: must be https');
  if (MTLS_ORIGIN !== undefined && MTLS_ORIGIN === env['PUBLIC_ORIGIN'])
    faults.push('MTLS_ORIGIN: must be another address than PUBLIC_ORIGIN');
  return faults;
}
