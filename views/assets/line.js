// The line before a sign-in: asks how long it still takes, and goes in when it is her turn.
const line = document.querySelector('[data-line]');
async function look() {
  const asked = { headers: { accept: 'application/json' }, cache: 'no-store', redirect: 'manual' };
  const answer = await fetch(location.href, asked).catch(() => undefined);
  const said = answer?.status === 503 ? await answer.json().catch(() => undefined) : undefined;
  // Her turn has come, or there is no line any more.
  if (said?.seconds === 0 || (answer && answer.status !== 503)) return location.reload();
  if (said?.text && said.text !== line.textContent) line.textContent = said.text;
  soon(Number(answer?.headers.get('retry-after')));
}
const soon = (seconds) => setTimeout(look, (seconds || 5) * 1000);
if (line) soon(Number(line.dataset.line));
