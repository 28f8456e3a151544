import type { Rp } from '../parts/site.ts';
import type { DemoPerson } from '../parts/demo-people.ts';

const LOGO =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" fill="#2f6b3c"/><path d="M20 8a7 7 0 0 0-6.6 9.2A6 6 0 0 0 15 29h3.6v4h2.8v-4H25a6 6 0 0 0 1.6-11.8A7 7 0 0 0 20 8z" fill="#fff"/></svg>',
  );

export const municipio: Rp = {
  name: 'Municipalidad de Los Robles',
  host: 'losrobles.example',
  logo: LOGO,
  policy: 'https://losrobles.example/privacidad',
  terms: 'https://losrobles.example/condiciones',
};

export const registro: Rp = { name: 'Oficina de Registro de Tres Esteros', host: 'registro.tresesteros.example' };

export const longName: Rp = {
  name: 'Subsecretaría de Desarrollo Regional, Administración y Coordinación de Servicios Comunitarios de la Región de Los Robles y Tres Esteros',
  host: 'tramites-en-linea.subsecretaria-de-coordinacion-comunitaria.losrobles.example',
  policy: 'https://losrobles.example/privacidad',
};

export const people: readonly DemoPerson[] = [
  { run: '11.111.111-1', name: 'María del Carmen Soto Rojas', password: 'boldo-quillay-peumo', note: 'Activa' },
  {
    run: '12.345.678-5',
    name: 'Pedro Antonio Muñoz Díaz',
    password: 'boldo-quillay-peumo',
    note: 'Con segundo factor',
  },
  { run: '44.444.444-4', name: 'Ana González', password: 'testing', note: 'Un apellido' },
  { run: '6-K', name: 'Rosa Elvira de las Mercedes Aránguiz y Montt', password: 'testing' },
];
