// The way to the server: it comes back by itself, hears all that was said meanwhile, and says again what nobody has kept.

const PATIENCE_MS = 9000;
const LONGEST_MS = 2000;
/** After these nothing comes any more: another window has the call, or it is over. */
const ENDS = new Set([4001, 4002]);

export function openLink({ address, heard, changed }) {
  const link = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  let [socket, timer, tries, last, over] = [undefined, undefined, 0, undefined, false];
  let [mine, count, inside] = [[], 0, false];
  /** What the room has is said. */
  const keep = (k) => {
    mine = mine.filter((each) => each.k > k);
  };

  const again = () => {
    if (over) return;
    clearTimeout(timer);
    timer = setTimeout(connect, Math.min(100 * 2 ** tries, LONGEST_MS) * (0.75 + Math.random() / 2));
    tries += 1;
  };
  // A network that is gone says nothing: who hears nothing for long looks for another way.
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => drop(), PATIENCE_MS);
  };
  const drop = () => {
    const old = socket;
    [socket, inside] = [undefined, false];
    old?.close();
    changed(false);
    again();
  };

  function connect() {
    const url = new URL(address, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    url.searchParams.set('v', link);
    if (last !== undefined) url.searchParams.set('n', last);
    const fresh = new WebSocket(url);
    socket = fresh;
    watch();
    fresh.onmessage = ({ data }) => {
      if (socket !== fresh) return;
      watch();
      const message = JSON.parse(data);
      if (message.n !== undefined) last = Math.max(last ?? 0, message.n);
      if (message.k !== undefined) keep(message.k);
      if (message.what === 'in') {
        [tries, inside] = [0, true];
        for (const { text } of mine) fresh.send(text);
        changed(true);
      }
      if (message.what === 'out') over = true;
      if (message.what !== 'tick') heard(message);
    };
    fresh.onclose = ({ code }) => {
      if (socket !== fresh) return;
      [socket, inside] = [undefined, false];
      over ||= ENDS.has(code);
      if (!over) changed(false);
      again();
    };
  }
  connect();
  // Back after a tunnel, or a phone that slept.
  const hurry = () => {
    if (over || socket?.readyState === WebSocket.OPEN) return;
    tries = 0;
    clearTimeout(timer);
    connect();
  };
  addEventListener('online', hurry);
  addEventListener('pageshow', (event) => event.persisted && hurry());
  addEventListener('pagehide', () => socket?.readyState === WebSocket.OPEN && socket.send('{"do":"bye"}'));
  return {
    link,
    say(message) {
      if (over) return;
      count += 1;
      const text = JSON.stringify({ ...message, k: count });
      mine.push({ k: count, text });
      if (inside && socket.readyState === WebSocket.OPEN) socket.send(text);
    },
  };
}
