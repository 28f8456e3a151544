// An officer's forms go without leaving the page, so that a call goes on. Without this they are forms like any other.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  const place = form.closest('[data-in-place]');
  if (!place || event.defaultPrevented || 'plain' in form.dataset) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  place.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(form.action, { method: 'POST', body, headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById(place.dataset.inPlace);
    if (!fresh) throw new Error('elsewhere');
    place.replaceWith(document.adoptNode(fresh));
    const first = fresh.querySelector('[data-focus]') ?? fresh;
    first.tabIndex = -1;
    first.focus();
    document.dispatchEvent(new CustomEvent('case-changed', { detail: fresh.dataset.state ?? '' }));
  } catch {
    // Signed out, or no connection: the page itself says which.
    location.reload();
  }
});
for (const button of document.querySelectorAll('[data-print-page]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
