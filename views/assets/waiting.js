// A place in a line: asked for again every twenty seconds, which also says that she is still there.
const place = document.querySelector('[data-waiting]');
const PAUSE = 20_000;
async function look() {
  const answer = await fetch(location.pathname, { credentials: 'same-origin' }).catch(() => undefined);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const now = page.querySelector('[data-waiting]');
  // Her turn has come, or her case stands elsewhere: the whole page is another.
  if (!now) return location.reload();
  if (now.textContent.trim() !== place.textContent.trim()) place.textContent = now.textContent.trim();
}
if (place) setInterval(look, PAUSE);
