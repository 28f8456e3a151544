// Optional comforts. Every page works without them.

/** The same rule as `src/domain/run.ts`; what it cannot read it leaves alone. */
function writtenRun(typed) {
  const plain = typed
    .normalize('NFKC')
    .replace(/[\p{Cf}\s.]/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .toUpperCase();
  const [, digits, check] = /^0*(\d{1,8})-?([\dK])$/.exec(plain) ?? [];
  if (typed.length > 64 || !digits) return undefined;
  const sum = [...digits].reverse().reduce((all, digit, at) => all + Number(digit) * (2 + (at % 6)), 0);
  const right = '0K987654321'[sum % 11];
  if (Number(digits) < 1 || check !== right) return undefined;
  return `${digits.replace(/\B(?=(\d{3})+$)/g, '.')}-${check}`;
}

for (const field of document.querySelectorAll('[data-run]')) {
  const tidy = () => {
    field.value = writtenRun(field.value) ?? field.value;
  };
  field.addEventListener('blur', tidy);
  field.form?.addEventListener('submit', tidy);
  // On a slow line somebody has typed it and gone on before this has come.
  if (document.activeElement !== field) tidy();
}

for (const field of document.querySelectorAll('input[type=password][data-show]')) {
  const { show, hide } = field.dataset;
  const button = document.createElement('button');
  const set = (seen) => {
    field.type = seen ? 'text' : 'password';
    button.textContent = seen ? hide : show;
    // A page may have three of them.
    button.setAttribute('aria-label', `${button.textContent}: ${field.labels[0]?.textContent ?? ''}`);
  };
  button.type = 'button';
  button.className = 'boton-texto reveal';
  button.setAttribute('aria-controls', field.id);
  button.addEventListener('click', () => set(field.type === 'password'));
  field.autocapitalize = 'none';
  field.spellcheck = false;
  field.after(button);
  set(false);
  // Only what was a password is saved by the browser.
  field.form?.addEventListener('submit', () => set(false));
}

/** Where there is no line nothing is sent: the browser's own page would take away what she has typed. */
const offline = document.querySelector('[data-offline]');
/** Whoever has read that and presses again knows better: a browser may be wrong about its line. */
const READ_MS = 2000;
let toldAt = Infinity;
function noLine(event) {
  if (navigator.onLine !== false || !offline) return false;
  if (!offline.hidden && Date.now() - toldAt > READ_MS) return false;
  event.preventDefault();
  toldAt = Date.now();
  offline.hidden = false;
  return true;
}
addEventListener('online', () => {
  if (offline) offline.hidden = true;
});

// One press, one form. The button stays a button, so that its name and value travel.
const sent = new WeakMap();
/** A slow line takes its time. Whoever stops the page herself may press again then. */
const PATIENCE_MS = 30_000;
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (sent.has(form)) return event.preventDefault();
  if (noLine(event)) return;
  const button = event.submitter;
  sent.set(form, { button, label: button?.textContent, timer: setTimeout(() => release(form), PATIENCE_MS) });
  button?.setAttribute('aria-disabled', 'true');
  if (button?.dataset.sending) button.textContent = button.dataset.sending;
});
function release(form) {
  const { button, label, timer } = sent.get(form) ?? {};
  clearTimeout(timer);
  sent.delete(form);
  button?.removeAttribute('aria-disabled');
  if (button?.dataset.sending) button.textContent = label;
}
// A script that sends forms by itself says so when nothing came back.
addEventListener('not-sent', ({ target }) => release(target));
addEventListener('pageshow', (event) => {
  if (event.persisted) document.querySelectorAll('form').forEach(release);
});

/**
 * A form that was refused is the answer to a POST: with the Back button, or reloaded, the browser would show a page of
 * its own that asks to send it again. Where the form stands at its own address, that address is opened instead. Not in
 * the console, where many a form has an address to which nothing but forms are sent.
 */
const own = document.querySelector('main:not(:has(.console)) form[method=post]');
if (own && new URL(own.getAttribute('action') ?? '', location.href).pathname === location.pathname)
  history.replaceState(history.state, '', location.href);

/** On a slow line somebody is in a field, or types, before this has come: nobody is taken away from there. */
const nobodyIsAt = (one) => one === document.body || !one || (one.autofocus && one.value === one.defaultValue);
// After the browser has served `autofocus`.
requestAnimationFrame(() => nobodyIsAt(document.activeElement) && document.querySelector('[data-focus]')?.focus());
const auto = document.querySelector('form[data-auto]');
if (auto) HTMLFormElement.prototype.submit.call(auto);
