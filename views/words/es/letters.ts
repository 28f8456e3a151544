export const signInCode = {
  subject: 'Tu código para ingresar con ClaveÚnica',
  /** The code first: a phone's preview shows it. */
  code: (code: string) => `${code} es tu código para ingresar.`,
  hello: (name: string) => `Hola, ${name}:`,
  intro: 'Escríbelo en la página donde estás ingresando. Dura 10 minutos y sirve una sola vez.',
  site: 'Sitio',
  when: 'Cuándo',
  whenNote: 'hora de Chile',
  device: 'Dispositivo',
  notMineTitle: '¿No eres tú?',
  notMine: (phone: string) =>
    `No le des este código a nadie. Alguien escribió bien tu ClaveÚnica: llámanos al ${phone} para cambiarla.`,
  never: 'Nunca te pediremos tu ClaveÚnica ni este código por correo, teléfono ni mensaje.',
  why: 'Te escribimos porque este correo está en tu cuenta. No respondas a este mensaje.',
};

export const newDevice = {
  subject: 'Ingresaron con tu ClaveÚnica desde un dispositivo nuevo',
  hello: (name: string) => `Hola, ${name}:`,
  intro: 'Alguien ingresó con tu ClaveÚnica desde un dispositivo que no habíamos visto.',
  site: 'Sitio',
  when: 'Cuándo',
  whenNote: 'hora de Chile',
  device: 'Dispositivo',
  mineTitle: '¿Fuiste tú?',
  mine: 'Entonces no tienes que hacer nada.',
  notMineTitle: '¿No fuiste tú?',
  notMine: 'Alguien puede conocer tu ClaveÚnica. Avísanos ahora: cerraremos las sesiones abiertas.',
  notMineLink: 'No fui yo',
  notMineCall: (phone: string) => `Alguien puede conocer tu ClaveÚnica. Llámanos ahora al ${phone}.`,
  callToo: (phone: string) => `También puedes llamarnos al ${phone}.`,
  never: 'Nunca te pediremos tu ClaveÚnica por correo, teléfono ni mensaje.',
  why: 'Te escribimos porque este correo está en tu cuenta. No respondas a este mensaje.',
};
