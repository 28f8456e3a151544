// The field in the head comes by «/» or Ctrl+K; without this it is a form like any other.

const field = document.querySelector('.search input');

/** Whoever is writing something wants to write «/». */
const isWriting = ({ target }) =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;

document.addEventListener('keydown', (event) => {
  const { key, altKey, ctrlKey, metaKey, isComposing } = event;
  const slash = key === '/' && !altKey && !ctrlKey && !metaKey && !isWriting(event);
  const command = key.toLowerCase() === 'k' && (ctrlKey || metaKey) && !altKey;
  if (!field || isComposing || !(slash || command)) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// A RUN stays in no history of the browser.
if (location.pathname === '/buscar' && /^[\d.]+-[\dK]$/.test(field?.value ?? ''))
  history.replaceState(history.state, '', location.pathname);
