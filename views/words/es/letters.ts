const minutes = (count: number) => (count === 1 ? '1 minuto' : `${String(count)} minutos`);
const hours = (count: number) => (count === 1 ? '1 hora' : `${String(count)} horas`);

/** What every letter says. */
const common = {
  hello: (name: string) => (name === '' ? 'Hola:' : `Hola, ${name}:`),
  site: 'Sitio',
  when: 'Cuándo',
  whenNote: 'hora de Chile',
  device: 'Dispositivo',
  unknownDevice: 'no lo sabemos',
  network: 'Conexión',
  callToo: (phone: string) => `También puedes llamarnos al ${phone}.`,
  never: 'Nunca te pediremos tu ClaveÚnica ni un código por correo, teléfono ni mensaje.',
  why: 'Te escribimos porque este correo está en tu cuenta. No respondas a este mensaje.',
};

/** The code first: a phone's preview shows it. */
const code = {
  'sign-in': {
    subject: 'Tu código para ingresar con ClaveÚnica',
    code: (written: string) => `${written} es tu código para ingresar.`,
    intro: 'Escríbelo en la página donde estás ingresando.',
    notMine: (phone: string) =>
      `No le des este código a nadie. Alguien escribió bien tu ClaveÚnica: llámanos al ${phone} para cambiarla.`,
  },
  recovery: {
    subject: 'Tu código para recuperar tu ClaveÚnica',
    code: (written: string) => `${written} es tu código para recuperar tu ClaveÚnica.`,
    intro: 'Escríbelo en la página donde lo pediste, en el mismo navegador.',
    notMine: (phone: string) =>
      `No le des este código a nadie: sin él nadie puede cambiar tu ClaveÚnica. Si no lo pediste, avísanos con el enlace o llámanos al ${phone}.`,
  },
  activation: {
    subject: 'Tu código para activar tu ClaveÚnica',
    code: (written: string) => `${written} es tu código de activación.`,
    intro:
      'Escríbelo junto con tu RUN en la página para activar tu ClaveÚnica. Después te enviaremos otro código para confirmar tu correo o teléfono.',
    notMine: (phone: string) => `No le des este código a nadie. Si no pediste tu ClaveÚnica, llámanos al ${phone}.`,
  },
  confirmation: {
    subject: 'Tu código para confirmar este correo',
    code: (written: string) => `${written} es tu código para confirmar este correo.`,
    intro: 'Escríbelo en la página de ClaveÚnica donde lo pediste.',
    notMine: (phone: string) =>
      `Entonces alguien escribió este correo por error. No hagas nada y no le des el código a nadie. Si se repite, llámanos al ${phone}.`,
  },
};

const codes = {
  ...code,
  lastsMinutes: (count: number) => `Dura ${minutes(count)} y sirve una sola vez.`,
  lastsHours: (count: number) => `Dura ${hours(count)} y sirve una sola vez.`,
  notMineTitle: '¿No fuiste tú?',
  activate: 'Activar mi ClaveÚnica',
  /** To an address that is in no account yet. */
  whyUnconfirmed: 'Te escribimos porque alguien escribió este correo en ClaveÚnica. No respondas a este mensaje.',
  /** Seventy characters at most: then it is one message. */
  sms: (written: string) => `${written} es tu código de ClaveÚnica. No se lo des a nadie.`,
};

/** What happened, by event: as a subject, as a sentence, and as a line of a list. */
const events = {
  'new-device': {
    subject: 'Ingresaron con tu ClaveÚnica desde un dispositivo nuevo',
    what: 'Alguien ingresó con tu ClaveÚnica desde un dispositivo que no habíamos visto.',
  },
  activated: {
    subject: 'Tu ClaveÚnica está activa',
    what: 'Activaste tu ClaveÚnica. Desde ahora puedes usarla en los sitios del Estado.',
  },
  'recovery-asked': {
    subject: 'Pidieron recuperar tu ClaveÚnica',
    what: 'Alguien pidió un código para recuperar tu ClaveÚnica.',
  },
  'recovery-sent': {
    subject: 'Cómo recuperar tu ClaveÚnica',
    what: 'Pediste ayuda para recuperar tu ClaveÚnica. Abre el enlace, escribe tu RUN y te enviaremos un código a este correo.',
  },
  recovered: {
    subject: 'Recuperaste tu ClaveÚnica',
    what: 'Alguien recuperó tu ClaveÚnica con un código enviado a tu correo y eligió una nueva. Cerramos todas las sesiones anteriores.',
  },
  'password-changed': {
    subject: 'Tu ClaveÚnica cambió',
    what: 'Alguien cambió tu ClaveÚnica desde tu cuenta. Cerramos las demás sesiones.',
  },
  'contact-changed': {
    subject: 'Cambiaron tus datos de contacto en ClaveÚnica',
    what: 'Alguien cambió el correo o el teléfono de tu cuenta. Puedes deshacerlo durante 10 días.',
  },
  'factor-added': {
    subject: 'Agregaron un segundo paso a tu ClaveÚnica',
    what: 'Alguien agregó un segundo paso a tu cuenta: una llave de acceso, una aplicación de códigos o códigos de respaldo.',
  },
  'factor-removed': {
    subject: 'Quitaron un segundo paso de tu ClaveÚnica',
    what: 'Alguien quitó un segundo paso de tu cuenta.',
  },
  'session-ended': {
    subject: 'Cerramos una sesión de tu ClaveÚnica',
    what: 'Tenías muchas sesiones abiertas, así que cerramos la más antigua.',
  },
  blocked: {
    subject: 'Tu ClaveÚnica quedó bloqueada',
    what: 'Alguien bloqueó tu ClaveÚnica desde tu cuenta. Nadie puede ingresar con ella hasta que la recuperes.',
  },
  closed: {
    subject: 'Tu cuenta de ClaveÚnica se cerró',
    what: 'Alguien cerró tu cuenta de ClaveÚnica. Ya no se puede ingresar con ella.',
  },
  'code-reissued': {
    subject: 'Emitieron otro código para activar tu ClaveÚnica',
    what: 'Una oficina emitió otro código para activar tu ClaveÚnica, porque alguien dijo que el anterior se perdió. El anterior ya no sirve.',
  },
  'code-replaced': {
    subject: 'Pidieron otro código en la página de tu videollamada',
    what: 'En el equipo de tu videollamada se pidió otro código para activar tu ClaveÚnica. El anterior ya no sirve.',
  },
};

const notice = {
  events,
  /** Which contact changed; the kinds are those of «Mis datos». */
  change: { what: 'Qué cambió', was: 'Antes', now: 'Ahora', none: 'ninguno' },
  mineTitle: '¿Fuiste tú?',
  mine: 'Entonces no tienes que hacer nada.',
  notMineTitle: '¿No fuiste tú?',
  notMine: 'Avísanos ahora: cerraremos las sesiones de ClaveÚnica y detendremos lo que esté en curso.',
  notMineLink: 'No fui yo',
  recover: 'Recuperar mi ClaveÚnica',
  recoverNote: 'Nadie de nuestro equipo te pedirá ese código.',
};

export const letters = { common, codes, notice };
