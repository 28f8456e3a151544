import test from 'ava';
import { render } from '../../views/html.ts';
import { logInPage } from '../../views/pages/log-in.ts';
import { LANGS, words } from '../../views/words.ts';

/** Every sentence, functions called with something. */
function sentences(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (typeof value === 'function') return [[path, (value as (...all: unknown[]) => unknown)(2, 'two')]];
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => sentences(inner, `${path}.${key}`));
}

for (const lang of LANGS) {
  test(`no word is missing in ${lang}`, (t) => {
    const all = sentences(words(lang), lang);
    t.true(all.length > 150);
    for (const [path, said] of all) {
      t.is(typeof said, 'string', path);
      t.regex(String(said), /\S/, path);
      t.is(String(said), String(said).trim(), path);
      t.notRegex(String(said), /undefined|NaN|\[object/, path);
      t.notRegex(String(said), /Clave Única|Clave única|\bRUT\b/, `${path}: ClaveÚnica and RUN`);
    }
  });
}

test('a name from outside cannot become markup', (t) => {
  const evil = '"><script>alert(1)</script>';
  const frame = {
    lang: 'es',
    words: words('es'),
    nonce: 'n',
    emulator: false,
    assets: { css: '/assets/app.css', script: '/assets/app.js' },
    here: '/ingresar/x?ui=1',
  } as const;
  const page = render(
    logInPage(frame, {
      action: '/a',
      cancelAction: '/c',
      ways: { recover: '/r', activate: '/t', get: '/g' },
      csrf: evil,
      rp: { name: evil, host: evil, policy: evil, logo: evil },
      data: ['run'],
      run: evil,
      passkey: { action: '/a', options: evil },
      shared: false,
      demo: [{ run: evil, name: evil, password: evil, note: evil }],
    }),
  );
  t.true(page.includes('&lt;script') || page.includes('&quot;>'));
  t.notRegex(page, /<script>/);
  t.is(page.match(/<script/g)?.length, 2);
  t.true(page.includes('/ingresar/x?ui=1&amp;lang=en'));
  t.notRegex(page, /emulator-bar/);
});
