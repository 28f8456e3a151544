import { request, type RequestListener } from 'node:http';
import { TLSSocket } from 'node:tls';

/** RFC 9440 §2.1. */
export const clientCert = (der: Uint8Array): string => `:${Buffer.from(der).toString('base64')}:`;

/** What a proxy does that ends TLS: a certificate that was shown is passed on, what callers wrote themselves is taken away. */
export function terminator(port: number): RequestListener {
  return (req, res) => {
    const { 'client-cert': _forged, 'client-cert-chain': _too, ...headers } = req.headers;
    const shown = req.socket instanceof TLSSocket ? req.socket.getPeerX509Certificate() : undefined;
    const told = { ...headers, ...(shown && { 'client-cert': clientCert(shown.raw) }), 'x-forwarded-for': '10.1.2.3' };
    const passed = request(
      { host: '127.0.0.1', port, method: req.method, path: req.url, headers: told, agent: false },
      (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      },
    );
    passed.on('error', () => res.destroy());
    req.pipe(passed);
  };
}
