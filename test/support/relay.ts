import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A wire to a store that a test can cut (refused, connections lost), freeze (taken, never answered), silence (the same, and it
 * never hangs up either, as a machine that is stopped), lead elsewhere or let vanish.
 */
export async function relay(firstPort: number) {
  let targetPort = firstPort;
  let mode: 'open' | 'cut' | 'frozen' | 'silent' = 'open';
  const sockets = new Set<Socket>();
  let machine = {};
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const target = connect(targetPort, '127.0.0.1');
    const ours = machine;
    const passes = () => mode === 'open' && ours === machine;
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    client.on('end', () => {
      if (mode !== 'silent') client.end();
    });
    client.on('data', (data) => {
      if (passes()) target.write(data);
    });
    target.on('data', (data) => {
      if (passes()) client.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (now: typeof mode) => {
      mode = now;
      // What was half said on a frozen wire cannot go on.
      if (now !== 'frozen' && now !== 'silent') for (const socket of sockets) socket.destroy();
    },
    /** As an address does that moves to another machine: what was connected is lost. */
    leadTo: (port: number) => {
      targetPort = port;
      for (const socket of sockets) socket.destroy();
    },
    /** As a machine does that loses its power while another takes its address: who was connected hears nothing more. */
    vanish: () => {
      machine = {};
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
