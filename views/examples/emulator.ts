import type { DemoClient, Running } from '../pages/emulator/overview.ts';
import type { Person } from '../pages/emulator/people.ts';
import type { SentMessage } from '../pages/emulator/messages.ts';

export const running: readonly Running[] = [
  { name: 'Issuer', at: 'http://localhost:3000/openid' },
  { name: 'Discovery', at: 'http://localhost:3000/openid/.well-known/openid-configuration' },
  { name: 'Postgres', at: 'embedded, .data/postgres' },
  { name: 'Redis', at: 'off' },
];

export const clients: readonly DemoClient[] = [
  {
    name: 'Municipalidad de Los Robles',
    id: 'demo-municipio',
    secret: 'demo-municipio-secret',
    profile: 'oidc',
    redirectUris: ['http://localhost:3002/municipio/cb', 'http://localhost:9000/cb'],
  },
  {
    name: 'Oficina de Registro de Tres Esteros',
    id: 'demo-registro',
    secret: 'demo-registro-secret',
    profile: 'claveunica',
    redirectUris: ['http://localhost:3002/registro/cb', 'http://localhost:9000/cb'],
  },
];

export const persons: readonly Person[] = [
  {
    run: '11.111.111-1',
    name: 'María del Carmen Soto Rojas',
    password: 'boldo-quillay-peumo',
    note: 'Activa, correo confirmado',
    email: 'maria.soto@correo.example',
    signInHref: 'http://localhost:3002/municipio/ingresar',
  },
  {
    run: '12.345.678-5',
    name: 'Pedro Antonio Muñoz Díaz',
    password: 'boldo-quillay-peumo',
    note: 'Con segundo factor',
    totp: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    email: 'pedro@correo.example',
    signInHref: 'http://localhost:3002/municipio/ingresar',
  },
  {
    ...{ run: '22.222.222-2', name: 'Juana Pérez Lillo', note: 'En el Registro Civil, sin cuenta' },
    ...{ document: '100200300', canActivate: true },
    card: {
      lines: ['INCHL1002003001<<<<<<<<<<<<<<<', '9201208M3912313CHL22222222<2<2', 'PEREZ<LILLO<<JUANA<<<<<<<<<<<<'],
      issued: '2020-01-20',
    },
  },
];

export const messages: readonly SentMessage[] = [
  {
    id: '2',
    at: '2026-05-15T18:03:20Z',
    channel: 'mail',
    to: 'maria.soto.con.un.nombre.muy.largo@correo-de-la-casa.example',
    subject: 'Ingresaron con tu ClaveÚnica desde un dispositivo nuevo',
    text: 'Hola, María:\n\nAlguien ingresó con tu ClaveÚnica desde un dispositivo que no habíamos visto.\n\nSitio: Municipalidad de Los Robles\nCuándo: viernes 15 de mayo de 2026, 14:03 (hora de Chile)',
  },
  { id: '1', at: '2026-05-15T18:01:02Z', channel: 'sms', to: '+56 9 1234 5678', text: 'Tu código es 7K2M-9QXT.' },
];
