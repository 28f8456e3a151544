import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One address before several instances, for pages and sockets alike: whoever connects gets the first that takes her. */
export async function address(ports: readonly number[]) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const lead = (client: Socket, [port, ...others]: readonly number[]): void => {
    if (port === undefined) {
      client.destroy();
      return;
    }
    const instance = connect(port, '127.0.0.1', () => {
      keep(instance);
      // What is killed breaks off on both sides.
      for (const [one, other] of [
        [client, instance],
        [instance, client],
      ] as const)
        one.once('close', () => other.destroy());
      client.pipe(instance).pipe(client);
    });
    instance.once('error', () => {
      if (!sockets.has(instance)) lead(client, others);
    });
  };
  const server = createServer((client) => {
    client.on('error', () => undefined);
    keep(client);
    lead(client, ports);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
