import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire to a store that a test can cut (refused, connections lost), freeze (taken, never answered) or lead elsewhere. */
export async function relay(firstPort: number) {
  let targetPort = firstPort;
  let mode: 'open' | 'cut' | 'frozen' = 'open';
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    client.on('data', (data) => {
      if (mode === 'open') target.write(data);
    });
    target.on('data', (data) => {
      if (mode === 'open') client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (now: typeof mode) => {
      mode = now;
      // What was half said on a frozen wire cannot go on.
      if (now !== 'frozen') for (const socket of sockets) socket.destroy();
    },
    /** As an address does that moves to another machine: what was connected is lost. */
    leadTo: (port: number) => {
      targetPort = port;
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
