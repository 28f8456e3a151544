import test from 'ava';
import { codeLetter, codeText, type CodeLetter } from '../../views/letters/code.ts';
import { enrolmentLetter, type EnrolmentLetter } from '../../views/letters/enrolment.ts';
import { noticeLetter } from '../../views/letters/notice.ts';
import { LANGS, words } from '../../views/words.ts';
import { NOTICES } from '../../src/domain/notice.ts';

const ORIGIN = 'https://claveunica.example';
const asked = {
  ...{ site: 'Municipalidad de Los Robles', deviceName: 'Chrome, Android', network: '200.1.2.0/24' },
  at: Date.UTC(2026, 4, 15, 18, 3),
};
const notMe = `${ORIGIN}/no-fui-yo?t=abc`;
const common = { name: 'María', asked, phone: '600 123 4567' };
const KINDS: readonly CodeLetter['kind'][] = ['sign-in', 'recovery', 'activation', 'confirmation'];

/** What a screen reader reads: no styles, no tags. */
const readOut = (page: string) =>
  page
    .replace(/<(style|title)>[^]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

for (const lang of LANGS) {
  for (const event of NOTICES)
    test(`R-17: ${event}, ${lang}: what, when in both times, who asked, and «No fui yo»; in both forms, nothing from elsewhere`, (t) => {
      const letter = noticeLetter({ ...common, event, lang, notMe });
      const { what } = words(lang).letters.notice.events[event];
      for (const part of [
        'María',
        what,
        asked.site,
        asked.deviceName,
        '200.1.2.x',
        '14:03',
        '2026-05-15 18:03 UTC',
        notMe,
      ])
        for (const form of [letter.text, letter.html]) t.true(form.includes(part), part);
      t.notRegex(letter.html, /<(img|script|link|iframe)|url\(|@import/i);
      t.deepEqual([...new Set(letter.html.match(/https?:\/\/[^/"]+/g))], [ORIGIN]);
      t.true(letter.html.startsWith(`<!doctype html><html lang="${lang}">`));
      t.regex(letter.html, /prefers-color-scheme: dark/);
      t.notRegex(letter.subject, /\d{4}|\n/);
    });

  test(`R-17: a changed contact is named, and told apart by what is left of it, ${lang}`, (t) => {
    const { contact, letters } = words(lang);
    const w = letters.notice.change;
    const about = { ...common, event: 'contact-changed', lang, notMe } as const;
    const phone = noticeLetter({ ...about, change: { what: 'phone', was: undefined, now: '+56•••••4321' } });
    for (const part of [`${w.what}: ${contact.kinds.phone}`, `${w.was}: ${w.none}`, `${w.now}: +56•••••4321`])
      t.true(phone.text.includes(part), part);
    t.true(readOut(phone.html).includes(`${w.what} ${contact.kinds.phone} ${w.was} ${w.none} ${w.now} +56•••••4321`));
    t.false(noticeLetter(about).text.includes(w.what), 'a letter of before says nothing of it');
  });

  for (const kind of KINDS)
    test(`R-17, R-18: the code of ${kind} stands first in both forms and never in the subject, ${lang}`, (t) => {
      const letter = codeLetter({ ...common, kind, lang, code: '7K2M-9QXT', minutes: 10, notMe });
      t.true(letter.text.startsWith('7K2M-9QXT'));
      t.true(readOut(letter.html).startsWith('7K2M-9QXT'), readOut(letter.html).slice(0, 80));
      t.false(letter.subject.includes('7K2M'));
      t.regex(letter.text, /10 (minutos|minutes)/);
      for (const part of [asked.site, asked.deviceName, '200.1.2.x', notMe, common.phone])
        for (const form of [letter.text, letter.html]) t.true(form.includes(part), part);
      t.notRegex(letter.html, /<(img|script|link|iframe)|url\(|@import/i);
    });

  test(`R-57: each letter about a request says what and what next, in both forms, and nobody’s name, ${lang}`, (t) => {
    const w = words(lang).enrolmentLetters;
    const way = `${ORIGIN}/obtener/seguir?t=abc`;
    for (const event of Object.keys(w.events) as EnrolmentLetter['event'][]) {
      const { subject, text, html } = enrolmentLetter({ event, lang, way, phone: common.phone });
      t.is(subject, w.events[event].subject);
      for (const part of [w.events[event].what, way, w.reason])
        for (const form of [text, readOut(html) + html]) t.true(form.includes(part), `${event}: ${part}`);
      t.notRegex(html, /<(img|script|link|iframe)|url\(|@import/i);
      t.true(html.startsWith(`<!doctype html><html lang="${lang}">`));
      t.false(`${text}${html}`.includes('undefined'));
    }
  });

  test(`a text to a telephone is one message, ${lang}`, (t) => {
    for (const code of ['7K2M-9QXT', 'WWWW-WWWW']) {
      t.true(codeText(lang, code).startsWith(code));
      t.true(codeText(lang, code).length <= 70);
    }
  });
}

test('who asks from where nobody knows leaves no empty row; a day is written in hours', (t) => {
  const nobody = { site: '', deviceName: '', network: '', at: asked.at };
  const letter = codeLetter({
    ...{ ...common, asked: nobody, kind: 'activation', lang: 'es', code: 'A', minutes: 1440 },
    activate: `${ORIGIN}/activar`,
  });
  t.regex(letter.text, /24 horas/);
  t.notRegex(letter.text, /Sitio:|Conexión:|Dispositivo:/);
  const hidden = codeLetter({
    ...{ ...common, kind: 'recovery', lang: 'es', code: 'A', minutes: 10 },
    asked: { ...asked, deviceName: '' },
  });
  t.regex(hidden.text, /Dispositivo: no lo sabemos/);
  t.true(letter.text.includes(`${ORIGIN}/activar`));
});

test('R-89: what others wrote stays text, on its line', (t) => {
  const evil = 'X\r\nBcc: a@b.cl\n\n<img src=x onerror=alert(1)>\u2028https://evil.example';
  for (const letter of [
    noticeLetter({
      ...common,
      name: evil,
      asked: { ...asked, site: evil, deviceName: evil },
      event: 'recovered',
      lang: 'es',
      notMe,
    }),
    codeLetter({
      ...common,
      name: evil,
      asked: { ...asked, site: evil },
      kind: 'recovery',
      lang: 'es',
      code: 'A',
      minutes: 10,
    }),
  ]) {
    t.notRegex(letter.text, /^Bcc/m);
    t.notRegex(letter.html, /<img/);
    t.true(letter.html.includes('&lt;img'));
    t.notRegex(letter.subject, /evil|Bcc|[\r\n]/);
  }
});
