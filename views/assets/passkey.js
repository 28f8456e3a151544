// Passkeys: an offer where the browser can; every page has another way beside it.

/** Loaded when a passkey is wanted: most people on a page never do. */
const library = async () => {
  await import('./simplewebauthn.js');
  return globalThis.SimpleWebAuthnBrowser;
};
const optionsOf = async ({ dataset }) =>
  dataset.options ? JSON.parse(dataset.options) : (await fetch(dataset.optionsAt, { cache: 'no-store' })).json();

const partsOf = (form) => [form.querySelector('[role=status]'), form.querySelector('button')];

function send(form, answer) {
  form.elements.llave.value = JSON.stringify(answer);
  const shared = document.getElementById('compartido');
  if (form.elements.compartido) form.elements.compartido.disabled = !shared?.checked;
  // On a slow line that takes its time: she is told, and nobody asks for another.
  const [said, button] = partsOf(form);
  button.setAttribute('aria-disabled', 'true');
  said.textContent = said.dataset.sending;
  // Without the event: the form is ready now.
  HTMLFormElement.prototype.submit.call(form);
}

async function ask(form, how = {}) {
  const { startAuthentication, startRegistration } = await library();
  const optionsJSON = await optionsOf(form);
  const start = form.dataset.passkey === 'create' ? startRegistration : startAuthentication;
  send(form, await start({ optionsJSON, ...how }));
}

function press(form) {
  const [said, button] = partsOf(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // The rule «one press, one form» is for forms that travel.
    event.stopPropagation();
    if (button.getAttribute('aria-disabled')) return;
    button.setAttribute('aria-disabled', 'true');
    said.textContent = '';
    ask(form).catch((error) => {
      const kind = { InvalidStateError: 'taken', NotAllowedError: 'cancelled' }[error?.name] ?? 'failed';
      said.textContent = said.dataset[kind] ?? said.dataset.failed;
      button.removeAttribute('aria-disabled');
    });
  });
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    said.textContent = '';
    button.removeAttribute('aria-disabled');
  });
}

// A challenge lives ten minutes; a page may stand open for longer.
const RENEW_MS = 9 * 60_000;
async function offerInField(form) {
  // Asked of the browser itself: where it can't, the library never travels.
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const offer = () =>
    ask(form, { useBrowserAutofill: true }).catch(() => {
      // Given up for the button, or by the person: the page is as it was.
    });
  void offer();
  setInterval(() => {
    if (!form.querySelector('[aria-disabled]')) void offer();
  }, RENEW_MS);
}

if (globalThis.PublicKeyCredential)
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    press(form);
    if (form.dataset.passkey === 'in-field') void offerInField(form);
  }
for (const otherwise of document.querySelectorAll('[data-without-passkey]'))
  otherwise.hidden = Boolean(globalThis.PublicKeyCredential);
