import { BlockList, isIP } from 'node:net';

/** Tells whether an address is one of these, or in one of these networks. */
export function isAmong(trusted: readonly string[]): (address: string | undefined) => boolean {
  const proxies = new BlockList();
  for (const item of trusted) {
    const [address = '', prefix] = item.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(prefix), family);
  }
  return (address = '') => {
    const known = plain(address);
    return known !== '' && proxies.check(known, isIP(known) === 6 ? 'ipv6' : 'ipv4');
  };
}

/**
 * Who is at the other end: the socket's address, or, when that is a proxy of ours, the last address in
 * `X-Forwarded-For` that is not. What cannot be read ends the search at the proxy that said it.
 */
export function sourceAddress(trusted: readonly string[]) {
  const isOurs = isAmong(trusted);
  return (socket: string | undefined, forwarded: string): string => {
    let source = plain(socket ?? '');
    const hops = forwarded.length > 1024 ? [] : forwarded.split(',').map((hop) => plain(hop.trim()));
    while (source !== '' && isOurs(source)) {
      const hop = hops.pop();
      // An IPv6 zone is a matter of one machine, and no address of anybody.
      if (hop === undefined || hop.includes('%') || isIP(hop) === 0) break;
      source = hop;
    }
    return source;
  };
}

/** An IPv4 address in IPv6's clothes is the same neighbour. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
