// The way to the other browser (WebRTC): «perfect negotiation», one side gives way when both speak at once. It does not come
// to that at the beginning, nor as a rule later: a browser that has taken its first offer back may look for no way at all.

const LOST_MS = 3000;
/** So long who gives way lets the other one begin. */
const YIELD_MS = 1500;

/** `polite`: gives way. `say` brings a description or a candidate to the other side. */
export function openPeer({ ice, polite, stream, say, shown, changed }) {
  // One way for voice and picture: half as much to find out, and to say.
  const pc = new RTCPeerConnection({ ...ice, bundlePolicy: 'max-bundle' });
  let [making, ignoring, closed, timer, offers] = [false, false, false, undefined, 0];
  let turn = Promise.resolve();

  pc.onnegotiationneeded = async () => {
    try {
      making = true;
      await pc.setLocalDescription();
      say({ description: plain(pc.localDescription) });
    } catch {
      // The other side was faster; it is asked for again when it is needed.
    } finally {
      making = false;
    }
  };
  pc.onicecandidate = ({ candidate }) => say({ candidate: candidate?.toJSON() ?? null });
  pc.ontrack = ({ track, streams: [first] }) => shown(first ?? new MediaStream([track]));
  pc.onconnectionstatechange = () => {
    clearTimeout(timer);
    if (closed) return;
    changed(pc.connectionState);
    // Another network, another address: the way is looked for again, the call goes on.
    if (pc.connectionState === 'failed') restart();
    if (pc.connectionState === 'disconnected') restart(LOST_MS);
  };
  function restart(after = 0) {
    const heard = offers;
    clearTimeout(timer);
    const look = () => offers === heard && pc.connectionState !== 'connected' && pc.restartIce();
    timer = setTimeout(look, after + (polite ? YIELD_MS : 0));
  }
  const send = () => {
    for (const track of stream.getTracks()) pc.addTrack(track, stream);
  };
  if (!polite) {
    send();
    // Who has no microphone hears the other one all the same.
    for (const kind of ['audio', 'video'])
      if (!stream.getTracks().some((track) => track.kind === kind)) pc.addTransceiver(kind, { direction: 'recvonly' });
  }

  async function take({ description, candidate }) {
    if (closed) return;
    if (description) {
      const both = description.type === 'offer' && (making || pc.signalingState !== 'stable');
      ignoring = !polite && both;
      if (ignoring) return;
      await pc.setRemoteDescription(description);
      if (description.type === 'offer') {
        offers += 1;
        if (polite && offers === 1) send();
        await pc.setLocalDescription();
        say({ description: plain(pc.localDescription) });
      }
      return;
    }
    await pc.addIceCandidate(candidate ?? undefined).catch((error) => {
      if (!ignoring) throw error;
    });
  }

  return {
    pc,
    /** In the order in which they came. */
    hear(body) {
      turn = turn.then(() => take(body)).catch((error) => console.warn('call', error.message));
    },
    async replace(track) {
      const sender = pc.getSenders().find((each) => each.track?.kind === track.kind);
      await sender?.replaceTrack(track);
    },
    restart,
    close() {
      closed = true;
      clearTimeout(timer);
      pc.close();
    },
  };
}
const plain = ({ type, sdp }) => ({ type, sdp });

/** What comes in: how many pictures, how well, and by which way. */
export async function lookAt(pc, before) {
  const now = { frames: 0, lost: 0, received: 0, at: performance.now(), rtt: undefined, route: undefined };
  const all = await pc.getStats();
  for (const each of all.values()) {
    if (each.type === 'inbound-rtp') {
      now.lost += each.packetsLost ?? 0;
      now.received += each.packetsReceived ?? 0;
      if (each.kind === 'video') now.frames += each.framesDecoded ?? 0;
    }
    if (each.type === 'transport' && each.selectedCandidatePairId) {
      const pair = all.get(each.selectedCandidatePairId);
      now.rtt = pair?.currentRoundTripTime;
      now.route = all.get(pair?.localCandidateId)?.candidateType;
    }
  }
  if (!before) return now;
  const [lost, received] = [Math.max(0, now.lost - before.lost), now.received - before.received];
  const seconds = (now.at - before.at) / 1000;
  const fps = (now.frames - before.frames) / seconds;
  const share = lost / Math.max(1, lost + received);
  const bad = received === 0 || share > 0.08 || (now.rtt ?? 0) > 0.8 || fps < 5;
  const good = share < 0.02 && (now.rtt ?? 0) < 0.3 && fps >= 12;
  return { ...now, quality: bad ? 'bad' : good ? 'good' : 'fair' };
}
