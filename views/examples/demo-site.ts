import type { Frame } from '../layout.ts';
import { besideCss } from '../layout.ts';
import type { DemoGreeting, DemoKey, DemoSite } from '../pages/demo-site.ts';

export const demo = ({ lang, nonce, assets }: Frame, key: DemoKey): DemoSite => ({
  key,
  lang,
  nonce,
  css: besideCss(assets.css, 'demo'),
  other: key === 'municipio' ? '/registro' : '/municipio',
});

export const greeting: DemoGreeting = {
  name: 'María del Carmen Soto Rojas',
  idToken: {
    iss: 'http://localhost:3000/openid',
    sub: 'k3Jx9vQm2fLr8TnYw5bZc1dE7gHs4aPu6iOo0RqWtXk',
    aud: 'demo-municipio',
    acr: 'urn:claveunica:presencial:1f',
    amr: ['pwd'],
    auth_time: 1779000000,
  },
  token: {
    access_token: 'VJ1c…',
    token_type: 'Bearer',
    expires_in: 300,
    id_token: 'eyJ…',
    scope: 'openid run profile',
  },
  userinfo: {
    sub: 'k3Jx9vQm2fLr8TnYw5bZc1dE7gHs4aPu6iOo0RqWtXk',
    RolUnico: { numero: 11111111, DV: '1', tipo: 'RUN' },
    name: 'María del Carmen Soto Rojas',
  },
  logOut: { action: '/municipio/salir', fields: { csrf: 'example' } },
};
