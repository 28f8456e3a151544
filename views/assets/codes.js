// Saved codes: print and copy where scripts run; a pen does as well.
for (const tools of document.querySelectorAll('[data-codes]')) {
  const list = document.querySelector(tools.dataset.codes);
  const copy = tools.querySelector('[data-copy]');
  tools.hidden = false;
  tools.querySelector('[data-print]').addEventListener('click', () => print());
  copy.hidden = !navigator.clipboard;
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText([...list.querySelectorAll('code')].map((code) => code.textContent).join('\n'));
    copy.textContent = copy.dataset.done;
  });
}
