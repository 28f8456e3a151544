import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RegistryRecord } from '../../src/domain/registry.ts';

export type RegistryMood = 'well' | 'slow' | 'down' | 'garbage' | 'half' | 'endless' | 'elsewhere' | 'nobody';

/** A civil registry for tests, by HTTP: it can be slow, wrong, down. `asked` counts. */
export async function registryStub(record: (question: { run: string; documentNumber: string }) => RegistryRecord) {
  let mood: RegistryMood = 'well';
  const asked: { body: string; authorization: string | undefined; url: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      asked.push({ body, authorization: request.headers.authorization, url: request.url ?? '' });
      const question = JSON.parse(body) as { run: string; documentNumber: string };
      const say = (status: number, text: string) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      if (mood === 'slow') return;
      if (mood === 'down') say(503, '{}');
      else if (mood === 'garbage') say(200, '<html>');
      else if (mood === 'half') say(200, JSON.stringify({ ...record(question), vitalStatus: 'perhaps' }));
      else if (mood === 'endless') say(200, 'x'.repeat(200_000));
      else if (mood === 'elsewhere') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      else if (mood === 'nobody') say(404, '{}');
      else say(200, JSON.stringify(record(question)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://user:pass@127.0.0.1:${String(port)}`,
    asked,
    be: (now: RegistryMood) => {
      mood = now;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
