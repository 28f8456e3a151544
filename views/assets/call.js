// A video call, for both sides: one's own camera, the other's picture, the chat, and what to do when something is missing.
import { openLink } from './call-link.js';
import { lookAt, openPeer } from './call-peer.js';

const LOOK_MS = 2000;
/** So long somebody waits for the other side before she is told what else she can do. */
const MISSING_MS = 60_000;
const WANTED = { video: { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' }, audio: true };

const root = document.querySelector('[data-call]');
const part = (name) => root.querySelector(`[data-part=${name}]`);
const side = root.dataset.call;
const words = JSON.parse(root.dataset.words);

/** One thing at a time is the matter: `problem` shows what it is, and what to do. */
function show({ problem, stage }) {
  if (stage !== undefined) root.dataset.stage = stage;
  if (problem !== undefined) root.dataset.problem = problem;
  for (const each of document.querySelectorAll('[data-when]'))
    each.hidden = root.dataset.problem !== '' || !each.dataset.when.split(' ').includes(root.dataset.stage);
  for (const each of root.querySelectorAll('[data-problem-is]')) {
    const was = each.hidden;
    each.hidden = each.dataset.problemIs !== root.dataset.problem;
    if (was && !each.hidden) each.focus();
  }
  part('room').hidden = root.dataset.problem !== '';
}
const tell = (name) => {
  const text = words[name] ?? name;
  const line = part('said');
  if (line.textContent !== text) line.textContent = text;
  root.dataset.said = name;
};

const problemOf = (error) =>
  ({
    NotAllowedError: 'blocked',
    NotFoundError: 'no-camera',
    OverconstrainedError: 'no-camera',
    NotReadableError: 'in-use',
  })[error?.name] ?? 'no-camera';

/** Who has no microphone writes; who has no camera cannot be seen, and is told what to do. */
async function open(wanted) {
  const { mediaDevices } = navigator;
  try {
    return await mediaDevices.getUserMedia(wanted);
  } catch (error) {
    if (error?.name !== 'NotFoundError') throw error;
    return mediaDevices.getUserMedia({ ...wanted, audio: false });
  }
}

let [stream, peer, other, seen, linked, playing] = [undefined, undefined, undefined, undefined, false, false];
let state = { stage: root.dataset.stage };
let missing;

function stand() {
  const isConnected = peer?.pc.connectionState === 'connected';
  if (isConnected) tell(linked ? 'connected' : 'still');
  else if (!linked) tell('lost');
  else if (peer && state.other) tell(playing ? 'lost' : 'connecting');
  else tell(side === 'citizen' ? waitingWords() : 'absent');
  part('remote').hidden = !(playing && (isConnected || state.other));
  if (isConnected || root.dataset.said !== 'absent') missing = undefined;
  else missing ??= Date.now();
  const late = part('late');
  if (late) late.hidden = !(root.dataset.said === 'late' || (missing && Date.now() - missing > MISSING_MS));
}
function waitingWords() {
  if (state.stage === 'talking') return 'absent';
  const { waiting } = state;
  if (waiting?.kind === 'line') return waiting.before === 0 ? 'next' : words.before.replace('{n}', waiting.before);
  if (waiting?.late) return 'late';
  return waiting?.kind === 'nothing' ? 'nothing' : 'waiting';
}

/** Only who stands in the line is told how long; not while somebody speaks with her. */
function tellWait({ stage, wait }) {
  const line = part('wait');
  if (!line) return;
  const text = wait ? words.wait.replace('{from}', wait.from).replace('{to}', wait.to) : words.nobody;
  line.hidden = stage !== 'waiting' || wait === undefined;
  if (line.textContent !== text) line.textContent = text;
}

function meet(link, ice) {
  // Away for a moment, or with a network of its own trouble: the way to it is kept.
  if (!link || other === link) return;
  other = link;
  peer?.close();
  [peer, seen, playing] = [undefined, undefined, false];
  root.dataset.frames = 0;
  peer = openPeer({
    ...{ ice, stream, polite: side === 'citizen' },
    say: (body) => way.say({ do: 'signal', to: link, body }),
    shown(remote) {
      part('remote').srcObject = remote;
    },
    changed: stand,
  });
}

let way;
function join() {
  let ice;
  const [early, chat] = [[], new Set()];
  way = openLink({
    address: root.dataset.socket,
    changed(is) {
      linked = is;
      stand();
    },
    heard(message) {
      if (message.what === 'in') ({ ice } = message);
      else if (message.what === 'out') leave(message.why);
      else if (message.what === 'chat' && !chat.has(message.n)) {
        chat.add(message.n);
        write(message);
      } else if (message.what === 'signal') {
        if (peer && message.from === other) peer.hear(message.body);
        else early.push(message);
      } else if (message.what === 'state') {
        const isBack = !state.other && message.other && message.other === other;
        state = message;
        meet(message.other, ice);
        if (isBack && peer.pc.connectionState !== 'connected') peer.restart();
        for (const each of early.splice(0)) if (peer && each.from === other) peer.hear(each.body);
        show({ stage: message.stage });
        stand();
        tellWait(message);
      }
    },
  });
}
function leave(why) {
  peer?.close();
  stream?.getTracks().forEach((track) => track.stop());
  show({ problem: why });
}

function write({ side: who, text }) {
  const line = document.createElement('li');
  line.className = who === side ? 'mine' : 'theirs';
  const name = document.createElement('span');
  name.className = 'unseen';
  name.textContent = `${words[who]}: `;
  const said = document.createElement('p');
  said.textContent = text;
  line.append(name, said);
  part('chat').append(line);
  line.scrollIntoView({ block: 'nearest' });
  if (who !== side) part('chat-box').open = true;
}
part('chat-form').addEventListener('submit', (event) => {
  event.preventDefault();
  event.stopPropagation();
  const field = event.target.elements.texto;
  const text = field.value.trim();
  // Before she is in, nobody would hear it: it stays where she wrote it.
  if (text === '' || !way) return;
  way.say({ do: 'chat', text });
  field.value = '';
});

/** What the buttons say holds, also when they were pressed while the browser still asked. */
function obey() {
  const isOff = (name) => part(name).getAttribute('aria-pressed') === 'true';
  for (const track of stream?.getTracks() ?? []) track.enabled = !isOff(track.kind === 'audio' ? 'mute' : 'hide');
}
function toggle(name, kind) {
  const button = part(name);
  button.addEventListener('click', () => {
    const off = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(off));
    button.textContent = off ? button.dataset.on : button.dataset.off;
    obey();
    if (kind === 'video') part('local').classList.toggle('off', off);
  });
}
async function cameras() {
  const found = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === 'videoinput');
  const field = part('camera');
  field.replaceChildren(
    ...found.map(({ deviceId, label }, at) => new Option(label || `${words.camera} ${at + 1}`, deviceId)),
  );
  field.closest('label').hidden = found.length < 2;
  field.value = stream.getVideoTracks()[0]?.getSettings().deviceId ?? '';
}
part('camera').addEventListener('change', async ({ target }) => {
  const fresh = await open({ video: { ...WANTED.video, facingMode: undefined, deviceId: { exact: target.value } } });
  const [track] = fresh.getVideoTracks();
  for (const old of stream.getVideoTracks()) {
    track.enabled = old.enabled;
    stream.removeTrack(old);
    old.stop();
  }
  stream.addTrack(track);
  await peer?.replace(track);
});

async function look() {
  if (!peer) return stand();
  const now = await lookAt(peer.pc, seen);
  seen = now;
  root.dataset.frames = now.frames;
  root.dataset.route = now.route ?? '';
  const mark = part('quality');
  mark.dataset.quality = now.quality ?? '';
  mark.textContent = now.quality ? words.quality[now.quality] : '';
  stand();
}

async function start() {
  show({ problem: '' });
  if (!globalThis.RTCPeerConnection || !navigator.mediaDevices?.getUserMedia) return show({ problem: 'old' });
  tell('asking');
  try {
    stream = await open(WANTED);
  } catch (error) {
    return show({ problem: problemOf(error) });
  }
  obey();
  part('local').srcObject = stream;
  part('mute').hidden = stream.getAudioTracks().length === 0;
  join();
  await cameras();
  setInterval(() => void look(), LOOK_MS);
}
part('remote').addEventListener('playing', () => {
  playing = true;
  root.dataset.playing = 'yes';
  stand();
});
toggle('mute', 'audio');
toggle('hide', 'video');
for (const button of root.querySelectorAll('[data-again]')) button.addEventListener('click', () => location.reload());
navigator.mediaDevices?.addEventListener?.('devicechange', () => stream && void cameras());
// In the catalogue of pages there is nobody to be called.
if (root.dataset.socket !== '') void start();
