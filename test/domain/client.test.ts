import test from 'ava';
import fc from 'fast-check';
import {
  acceptableUri,
  dataItems,
  grantedScopes,
  isUsable,
  legacyTarget,
  scopesOf,
  SCOPES,
  STATES,
} from '../../src/domain/client.ts';

test('a client gets what it asks for, within its own list, within its profile’s; the rest is dropped (R-70, R-76)', (t) => {
  const scopes = ['openid', 'run', 'email', 'name', 'profile'];
  const asked = ['openid', 'profile', 'name', 'email', 'phone', 'offline_access', 'toString', '', 'openid '];
  t.deepEqual(grantedScopes({ profile: 'oidc', scopes }, asked), ['openid', 'profile', 'email']);
  t.deepEqual(grantedScopes({ profile: 'claveunica', scopes }, asked), ['openid', 'name', 'email']);
  t.deepEqual(grantedScopes({ profile: 'oidc', scopes: [] }, asked), []);
  t.deepEqual(grantedScopes({ profile: 'oidc', scopes }, []), []);
});

test('whatever is registered and asked, nothing comes out that is not in all three (R-76)', (t) => {
  const some = fc.array(fc.oneof(fc.constantFrom(...SCOPES), fc.string()));
  fc.assert(
    fc.property(fc.constantFrom('oidc', 'claveunica'), some, some, (profile, scopes, asked) => {
      for (const scope of grantedScopes({ profile, scopes }, asked))
        t.true(scopes.includes(scope) && asked.includes(scope) && scopesOf(profile).includes(scope));
    }),
  );
});

test('a citizen is told what a site will learn, in one order, each thing once', (t) => {
  t.deepEqual(dataItems('oidc', ['openid']), ['identifier']);
  t.deepEqual(dataItems('oidc', ['phone', 'email', 'openid', 'profile']), [
    ...(['identifier', 'name', 'birthdate', 'email', 'phone'] as const),
  ]);
  t.deepEqual(dataItems('oidc', ['openid', 'run']), ['run']);
  t.deepEqual(dataItems('oidc', ['constructor', 'toString', '', 'nothing']), []);
});

test('for the claveunica profile the page says RUN also when only openid is asked: its pseudonym is the RUN', (t) => {
  t.deepEqual(dataItems('claveunica', ['openid']), ['run']);
  t.deepEqual(dataItems('claveunica', ['openid', 'name', 'email']), ['run', 'name', 'email']);
});

const GOOD = [
  'https://rp.example/cb',
  'https://rp.example:8443/a/b?x=1',
  'https://sub.municipio.gob.cl/',
  'https://rp.example',
];
const LOCAL = ['http://localhost:8080/cb', 'http://127.0.0.1/cb', 'http://[::1]:9000/cb'];
const HOME = ['https://localhost/cb', 'https://127.0.0.1/cb', 'https://[::1]/cb', 'https://192.168.1.1/cb'];
const MORE_HOME = ['https://localhost./cb', 'https://rp.localhost/cb', 'https://0x7f.1/cb', 'https://2130706433/cb'];
const BAD = [
  ...['', 'rp.example/cb', '//rp.example/cb', '/cb', 'javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'],
  ...['https://rp.example/cb#f', 'https://rp.example/#', 'https://*.rp.example/cb', 'https://rp.example/*'],
  ...[
    'https://user@rp.example/cb',
    'https://user:word@rp.example/cb',
    'https://:word@rp.example/cb',
    'https://@rp.example/cb',
  ],
  ...['http://rp.example/cb', 'http://10.0.0.1/cb', 'http://localhost.evil.example/cb', 'ftp://localhost/cb'],
  ...['https:rp.example/cb', 'https:/rp.example/cb', 'https:\\\\rp.example\\cb', 'https://rp.example\\@evil.example/'],
  ...[
    ' https://rp.example/cb',
    'https://rp.example/cb\r\n',
    'https://rp.example/c\tb',
    'https://rp.example/c b',
    'ht\ntps://rp.example/',
  ],
  ...['https://', 'https://rp.example:99999/', 'app://cb', 'cl.gob.app:/cb'],
];

test('addresses: https anywhere, http at home in the emulator only, and no trick in either (R-68)', (t) => {
  for (const emulator of [true, false]) {
    for (const uri of GOOD) t.true(acceptableUri(uri, { emulator }), uri);
    for (const uri of BAD) t.false(acceptableUri(uri, { emulator }), JSON.stringify(uri));
  }
  for (const uri of LOCAL)
    t.deepEqual([acceptableUri(uri, { emulator: true }), acceptableUri(uri, { emulator: false })], [true, false], uri);
});

test('no registered address in production is a machine at home or a number, however it is written (R-68)', (t) => {
  for (const uri of [...HOME, ...MORE_HOME]) t.false(acceptableUri(uri, { emulator: false }), uri);
  for (const uri of HOME) t.true(acceptableUri(uri, { emulator: true }), uri);
});

test('in production a client must be certified; the emulator is a sandbox (R-69)', (t) => {
  const usable = (emulator: boolean) => STATES.filter((state) => isUsable({ state }, { emulator }));
  t.deepEqual(usable(false), ['certified']);
  t.deepEqual(usable(true), ['sandbox', 'in-review', 'certified']);
});

test('the legacy logout leads to an address with scheme and authority, in its plain form, and to no trick (R-30, R-46)', (t) => {
  const target = (uri: string, emulator = false) => legacyTarget(uri, { emulator });
  t.deepEqual(target('https://RP.example:443/a/../b?x=1'), {
    href: 'https://rp.example/b?x=1',
    origin: 'https://rp.example',
  });
  t.deepEqual(target('http://localhost:8080/x', true), {
    href: 'http://localhost:8080/x',
    origin: 'http://localhost:8080',
  });
  t.is(target('http://rp.example/'), undefined);
  const tricks = [
    ...[
      '',
      '/cb',
      '//evil.example',
      'https:evil.example',
      'https:/evil.example',
      'https:\\\\evil.example',
      'https:///evil.example',
    ],
    ...[
      'https://rp.example@evil.example/',
      'https://user:word@rp.example/',
      'javascript:alert(1)',
      'javascript://rp.example/%0aalert(1)',
    ],
    ...['data:text/html,x', 'ftp://rp.example/', ' https://rp.example/', 'https://', 'https://rp.example:99999/'],
  ];
  for (const trick of tricks) for (const emulator of [true, false]) t.is(target(trick, emulator), undefined, trick);
  // The authority is what a browser would go to, whatever it looks like.
  t.is(target('https://rp.example\\@evil.example/')?.origin, 'https://rp.example');
  t.is(target('https://rp.exa\tmple/')?.origin, 'https://rp.example');
  t.is(target('https://rp.example.evil.example/')?.origin, 'https://rp.example.evil.example');
});
