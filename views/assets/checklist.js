// An officer's forms go without leaving the page, so that a call goes on. Without this they are forms like any other.
const ask = async (address, init) => {
  const answer = await fetch(address, { ...init, headers: { accept: 'text/html' } });
  // Too much at once, or a store that does not answer: she tries again.
  if (answer.status === 429 || answer.status >= 500) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), 'text/html');
};
const tokensOf = (page) => page.querySelectorAll('[name=csrf]');

/** She may have shown her passkey in another tab, and then what this page sends belongs to a session that is over. */
async function renewed(body) {
  const [now] = tokensOf(await ask(location.href));
  if (!now || now.value === body.get('csrf')) return false;
  for (const field of tokensOf(document)) field.value = now.value;
  body.set('csrf', now.value);
  return true;
}

document.addEventListener('submit', async (event) => {
  const form = event.target;
  const place = form.closest('[data-in-place]');
  if (!place || event.defaultPrevented || 'plain' in form.dataset) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  // What is ticked goes along, whatever she sends.
  const sheet = place.querySelector('form.checks');
  if (sheet && sheet !== form)
    for (const [name, value] of new FormData(sheet)) if (name !== 'csrf') body.append(name, value);
  const send = async () => (await ask(form.action, { method: 'POST', body })).getElementById(place.dataset.inPlace);
  place.setAttribute('aria-busy', 'true');
  try {
    const fresh = (await send()) ?? ((await renewed(body)) ? await send() : undefined);
    if (!fresh) {
      // It is no case of hers any more: the page itself says so.
      location.reload();
      return;
    }
    place.replaceWith(document.adoptNode(fresh));
    const first = fresh.querySelector('[data-focus]') ?? fresh;
    first.tabIndex = -1;
    first.focus();
    document.dispatchEvent(new CustomEvent('case-changed', { detail: fresh.dataset.state ?? '' }));
  } catch {
    // Signed out, or no connection: what she ticked and wrote is nowhere but here.
    place.removeAttribute('aria-busy');
    form.dispatchEvent(new CustomEvent('not-sent', { bubbles: true }));
    const notice = place.querySelector('[data-not-sent]');
    if (!notice) location.reload();
    notice?.removeAttribute('hidden');
    notice?.focus();
  }
});
for (const button of document.querySelectorAll('[data-print-page]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
