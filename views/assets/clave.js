// Hints while a ClaveÚnica is chosen, and «Comprobar» without leaving the page. The server has the last word.

/** As `folded` of `src/domain/password-policy.ts`. */
const folded = (text) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The commonest and those of these pages: enough for a hint. */
const COMMON =
  'claveunica clave unica contrasena password registrocivil gobiernodigital gobierno chileatiende municipalidad chile santiago estado tramite secreto secreta usuario bienvenido nueva admin qwertyuiop qwerty asdfghjkl zxcvbnm iloveyou teamo tequiero futbol colocolo universidad princesa estrella mariposa amor hola abc123 dragon monkey letmein welcome football baseball superman batman pokemon 1234567890 123456789 12345678 0123456789 987654321 123123 111111 000000 654321 112233'
    .split(' ')
    .sort((a, b) => b.length - a.length);

const LEAST_REST = 6;
const madeOf = (plain, words) => {
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), plain);
  return rest !== plain && rest.length < LEAST_REST;
};

const ASKING_MS = 20_000;
/** The page that came says itself what is wrong; to be looked at, not kept. */
function instead(form) {
  const wish = document.createElement('input');
  Object.assign(wish, { type: 'hidden', name: 'comprobar', value: '1' });
  form.append(wish);
  HTMLFormElement.prototype.submit.call(form);
}

for (const form of document.querySelectorAll('form[data-clave]')) {
  const field = form.querySelector('[name=password]');
  const live = form.querySelector('[data-live]');
  const verdict = form.querySelector('[data-verdict]');
  const minimum = Number(form.dataset.minimum);
  const own = form.dataset.own
    .split(' ')
    .map(folded)
    .filter((word) => word.length > 2);
  const rules = {
    length: (typed) => [...typed.normalize('NFKC')].length >= minimum,
    own: (typed) => !madeOf(folded(typed), own),
    common: (typed) => !madeOf(folded(typed), COMMON) && new Set(typed).size > 3,
  };
  const look = () => {
    const typed = field.value;
    live.hidden = typed === '';
    for (const item of live.querySelectorAll('[data-rule]')) {
      const good = rules[item.dataset.rule](typed);
      item.classList.toggle('good', good);
      item.querySelector('span').textContent = `: ${good ? item.dataset.good : item.dataset.bad}`;
    }
  };
  field.addEventListener('input', () => {
    verdict.replaceChildren();
    look();
  });
  // On a slow line somebody types before this has come.
  look();

  const say = ({ good, title, text }) => {
    // What the page said of the one before would stand against it.
    if (good) form.parentElement.querySelector('#problema')?.remove();
    verdict.className = good ? 'verdict note' : 'verdict problem';
    verdict.replaceChildren(
      ...[title, text].map((words, at) => {
        const line = document.createElement('p');
        line.textContent = words;
        if (at === 0) line.className = good ? 'good-title' : 'problem-title';
        return line;
      }),
    );
  };
  /** Undefined where a page came in its place: what is wrong is not the ClaveÚnica. */
  const ask = async (address, body) => {
    try {
      const answer = await fetch(address, { method: 'POST', body, signal: AbortSignal.timeout(ASKING_MS) });
      return answer.headers.get('content-type')?.includes('json') ? await answer.json() : undefined;
    } catch {
      return { good: false, title: verdict.dataset.lost, text: verdict.dataset.again };
    }
  };

  form.addEventListener('submit', async (event) => {
    const button = event.submitter;
    if (button?.name !== 'comprobar') return;
    // Before the handler of all forms, which takes a press for the last.
    event.preventDefault();
    event.stopPropagation();
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    const fields = new URLSearchParams(new FormData(form));
    fields.delete('password2');
    fields.set('comprobar', 'datos');
    const asked = field.value;
    const answer = await ask(form.action, fields);
    button.removeAttribute('aria-disabled');
    // On a slow line she has gone on meanwhile: that was of another one.
    if (field.value !== asked) return;
    if (answer) say(answer);
    else instead(form);
  });
}
