// Tries, before the hour, what the call will need: camera, microphone, and a way for pictures.

const root = document.querySelector('[data-call-test]');
const part = (name) => root.querySelector(`[data-part=${name}]`);
const ice = JSON.parse(root.dataset.ice);
const WAY_MS = 8000;

/** Of `camera`, `microphone`, `way`: how it went. */
function mark(what, how) {
  const line = root.querySelector(`[data-try=${what}]`);
  line.dataset.how = how;
  line.querySelector('[data-verdict]').textContent =
    line.dataset[how === 'good' ? 'good' : how === 'trying' ? 'trying' : 'bad'];
  const help = root.querySelector(`[data-help=${what}]`);
  if (help) help.hidden = how !== 'bad';
}

async function camera() {
  mark('camera', 'trying');
  mark('microphone', 'trying');
  const { mediaDevices } = navigator;
  const ask = (wanted) => mediaDevices.getUserMedia(wanted).catch(() => undefined);
  const both = mediaDevices && (await ask({ video: { facingMode: 'user' }, audio: true }));
  const seen = both ?? (mediaDevices && (await ask({ video: true })));
  mark('camera', seen ? 'good' : 'bad');
  part('preview').hidden = !seen;
  if (seen) part('preview').srcObject = seen;
  if (!both) return mark('microphone', 'bad');
  meter(both);
  mark('microphone', 'good');
}
/** She sees that she is heard. */
function meter(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  part('level').hidden = false;
  setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    part('level').value = Math.max(...samples.map((each) => Math.abs(each - 128)));
  }, 150);
}

/** Through the relay where there is one: what reaches it, reaches everybody. */
async function way() {
  mark('way', 'trying');
  if (!globalThis.RTCPeerConnection) return mark('way', 'bad');
  const relayed = ice.iceServers.some(({ username }) => username);
  const config = { ...ice, ...(relayed && { iceTransportPolicy: 'relay' }) };
  const [a, b] = [new RTCPeerConnection(config), new RTCPeerConnection(config)];
  a.onicecandidate = ({ candidate }) => void b.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  b.onicecandidate = ({ candidate }) => void a.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  const opened = new Promise((resolve) => {
    a.createDataChannel('try').onopen = () => resolve(true);
    setTimeout(() => resolve(false), WAY_MS);
  });
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  mark('way', (await opened) ? 'good' : 'bad');
  a.close();
  b.close();
}

part('coming').hidden = true;
part('begin').disabled = false;
part('begin').addEventListener('click', () => {
  part('begin').hidden = true;
  part('tries').hidden = false;
  // The button that had the focus is gone.
  part('tries').querySelector('h2').focus();
  void camera();
  void way();
});
