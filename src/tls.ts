import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Config } from './config.ts';
import { Failure } from './tasks/commands/command.ts';

const SETTINGS = {
  /** Node would look every 30 s for those whose time is over. */
  connectionsCheckingInterval: 2000,
  /** Whoever would like to speak another protocol (`h2c`: Java's own client, curl) goes on in this one (RFC 9110 §7.8). */
  shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
};

/** Forward secrecy and AEAD only (R-85; FAPI 2.0 Security Profile §5.2.1, BCP 195); Node's own list offers more. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':');

type Wish = {
  readonly tls: Config['tls'];
  /** Asks for client certificates; whether one is good is judged by the protocol: self-signed ones are too (RFC 8705). */
  readonly asksForCertificates?: boolean;
};

/** A server that does not listen yet; with a certificate it speaks TLS 1.2 and newer. Throws in plain words. */
export function openServer({ tls, asksForCertificates = false }: Wish, handler?: RequestListener): Server {
  if (!tls) return createServer(SETTINGS, handler);
  const read = (variable: string, path: string) => {
    try {
      return readFileSync(path);
    } catch {
      throw new Failure(`${variable}: ${path} cannot be read`);
    }
  };
  const [cert, key] = [read('TLS_CERT', tls.cert), read('TLS_KEY', tls.key)];
  try {
    return createTlsServer(
      {
        ...{ ...SETTINGS, cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS, honorCipherOrder: true },
        handshakeTimeout: 10_000,
        ...{ requestCert: asksForCertificates, rejectUnauthorized: false },
      },
      handler,
    );
  } catch {
    throw new Failure('TLS_CERT: the certificate and its key do not fit together, or are no PEM files');
  }
}
