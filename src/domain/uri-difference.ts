/** In what two addresses can differ; an exact comparison minds all of it. */
export const URI_PARTS = [
  ...(['encoding', 'scheme', 'user', 'host', 'port', 'path', 'slash', 'case', 'query', 'fragment'] as const),
  'unreadable',
] as const;
export type UriPart = (typeof URI_PARTS)[number];

/** How far away each makes it: what looks like a slip is nearer than another place. */
const FAR: Readonly<Record<UriPart, number>> = {
  ...{ encoding: 1, slash: 1, case: 1, fragment: 1, scheme: 2, port: 2, query: 2 },
  ...{ path: 4, user: 4, host: 8, unreadable: 16 },
};

/** As it is written: a URL parser would put right what is looked for here. */
const PARTS =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:(?<user>[^/?#]*)@)?(?<host>\[[^\]]*\]|[^/?#:]*)(?<port>:\d*)?(?<path>\/[^?#]*)?(?<query>\?[^#]*)?(?<fragment>#.*)?$/is;

/** One level of percent-encoding too many, as some software has it. */
export const onceDecoded = (uri: string): string => (/^[a-z]+%3A/i.test(uri) ? decoded(uri) : uri);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What of an address that was sent is not as it is registered; nothing: they are equal. */
export function uriDifference(sent: string, registered: string): readonly UriPart[] {
  const plain = onceDecoded(sent);
  const encoding: readonly UriPart[] = plain === sent ? [] : ['encoding'];
  const [theirs, ours] = [PARTS.exec(plain)?.groups, PARTS.exec(registered)?.groups];
  if (!theirs || !ours) return plain === registered ? encoding : ['unreadable'];
  const found = (['scheme', 'user', 'host', 'port', 'path', 'query', 'fragment'] as const).flatMap((part) =>
    partDifference(part, theirs[part] ?? '', ours[part] ?? ''),
  );
  return [...new Set([...encoding, ...found])];
}

function partDifference(part: UriPart, sent: string, registered: string): readonly UriPart[] {
  if (sent === registered) return [];
  if (sent.toLowerCase() === registered.toLowerCase()) return ['case'];
  if (part === 'path' && bare(sent) === bare(registered)) return ['slash'];
  return decoded(sent) === decoded(registered) ? ['encoding'] : [part];
}

const bare = (path: string): string => path.replace(/\/$/, '');

/** That of the registered ones which was most likely meant. */
export function nearestUri(sent: string, registered: readonly string[]): string | undefined {
  const distance = (uri: string) => uriDifference(sent, uri).reduce((sum, part) => sum + FAR[part], 0);
  return registered.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** A piece of an address, and whether the other one has it too. */
export type UriPiece = { readonly text: string; readonly differs: boolean };

/** Both addresses in pieces, part by part, so that what differs can be marked. */
export function uriPieces(
  sent: string,
  registered: string,
): Readonly<Record<'sent' | 'registered', readonly UriPiece[]>> {
  const [theirs, ours] = [partsIn(sent), partsIn(registered)];
  const pairs =
    theirs && ours ? theirs.map((part, at) => [part, ours[at] ?? ''] as const) : [[sent, registered] as const];
  const cut = pairs.map(([a, b]) => cutBetween(a, b));
  const pieces = (whose: 'sent' | 'registered') =>
    cut
      .flatMap(({ before, after, ...own }) => [
        { text: before, differs: false },
        { text: own[whose], differs: true },
        { text: after, differs: false },
      ])
      .filter(({ text }) => text !== '');
  return { sent: pieces('sent'), registered: pieces('registered') };
}

function partsIn(uri: string): readonly string[] | undefined {
  const found = PARTS.exec(uri)?.groups;
  if (!found) return undefined;
  const { scheme = '', user, host = '', port = '', path = '', query = '', fragment = '' } = found;
  return [scheme, '://', user === undefined ? '' : `${user}@`, host, port, path, query, fragment];
}

/** What both begin and end with, and what stands between. */
function cutBetween(sent: string, registered: string) {
  const most = Math.min(sent.length, registered.length);
  let [from, to] = [0, 0];
  while (from < most && sent[from] === registered[from]) from += 1;
  while (to < most - from && sent.at(-1 - to) === registered.at(-1 - to)) to += 1;
  const between = (text: string) => text.slice(from, text.length - to);
  return {
    before: sent.slice(0, from),
    ...{ sent: between(sent), registered: between(registered) },
    after: sent.slice(sent.length - to),
  };
}
