/** «Mis datos». */
export const contact = {
  text: 'A tus correos llegan los avisos y el código para recuperar tu cuenta.',
  kinds: { email: 'Correo', 'other-email': 'Segundo correo', phone: 'Teléfono' },
  none: 'No tienes',
  change: 'Cambiar',
  add: 'Agregar',
  remove: 'Quitar',
  fields: { email: 'Correo nuevo', 'other-email': 'Segundo correo', phone: 'Teléfono nuevo' },
  hints: {
    email: 'Ejemplo: nombre@correo.cl',
    'other-email': 'Uno al que entres aunque pierdas el primero',
    phone: 'Ejemplo: 9 1234 5678',
  },
  send: 'Enviarme un código',
  fixed: 'Tu nombre, RUN y fecha de nacimiento vienen del Registro Civil. Si hay un error, se corrige ahí.',
  problem: {
    malformed: {
      title: { email: 'Revisa el correo', 'other-email': 'Revisa el correo', phone: 'Revisa el teléfono' },
      text: 'Está incompleto o le sobra algo.',
    },
    same: { title: 'Ese ya lo tienes', text: 'Escribe uno distinto.' },
    'too-many': { title: 'Pediste muchos códigos', text: 'Espera una hora y prueba otra vez.' },
  },
  confirm: {
    title: 'Escribe el código',
    sent: {
      email: (to: string) => `Lo enviamos a ${to}. Dura un día.`,
      'other-email': (to: string) => `Lo enviamos a ${to}. Dura un día.`,
      phone: (to: string) => `Lo enviamos por mensaje a ${to}. Dura 10 minutos.`,
    },
    field: 'Código',
    hint: 'Ejemplo: 7K2M-9QXT',
    submit: 'Confirmar',
    again: 'Escribir otro',
    wrong: {
      title: 'El código no sirve',
      text: 'Está mal escrito, ya venció o se usó. Después de cinco intentos hay que pedir otro.',
      field: 'Revisa el código.',
    },
  },
  done: 'Listo: guardamos el cambio. Avisamos a tu correo anterior, que puede deshacerlo por 10 días.',
  removed: 'Listo: lo quitamos. Avisamos a tus correos; se puede deshacer por 10 días.',
};

/** «Descargar mis datos». */
export const download = {
  text: 'Es todo lo que ClaveÚnica guarda sobre ti, menos tu ClaveÚnica misma, que nadie puede leer.',
  file: 'Descargar archivo (JSON)',
  print: 'Esta página se puede imprimir o guardar como PDF.',
  made: (when: string) => `Hecho ${when}`,
  heads: {
    account: 'Tu cuenta',
    contact: 'Contacto',
    changes: 'Cambios de contacto que se pueden deshacer',
    factors: 'Segundo paso',
    sessions: 'Sesiones de los últimos 30 días',
    devices: 'Equipos conocidos',
    sites: 'Sitios donde entraste',
    cases: 'Casos abiertos',
    events: 'Todo lo que pasó',
  },
  names: 'Nombres',
  surnames: 'Apellidos',
  birthdate: 'Fecha de nacimiento',
  status: 'Estado',
  statuses: {
    'not-activated': 'Sin activar',
    active: 'Activa',
    paused: 'Bloqueada por ti',
    blocked: 'Bloqueada',
    deceased: 'Persona fallecida',
    closed: 'Cerrada',
  },
  created: 'Creada',
  updated: 'Último cambio de datos',
  password: 'Último cambio de ClaveÚnica',
  none: 'Nada',
  notConfirmed: 'sin confirmar',
  factors: { passkey: 'Llave de acceso', totp: 'Aplicación de códigos', 'saved-codes': 'Códigos guardados' },
  times: (count: number) => (count === 1 ? '1 vez' : `${count} veces`),
  events: {
    'access-granted': 'Entraste a un sitio',
    'login-succeeded': 'Ingreso correcto',
    'contact-asked': 'Pediste cambiar un dato de contacto',
  },
  table: { when: 'Cuándo', what: 'Qué', where: 'Dónde', network: 'Red' },
};

/** «Bloquear o cerrar mi cuenta». */
export const closing = {
  block: {
    title: 'Bloquear ahora',
    text: 'Si perdiste el teléfono o crees que alguien conoce tu ClaveÚnica.',
    points: [
      'Se cierran todas tus sesiones, en todas partes.',
      'Nadie puede entrar, ni con tu ClaveÚnica.',
      'La abres de nuevo cuando quieras, con «Recuperar mi ClaveÚnica».',
    ],
    submit: 'Bloquear mi cuenta',
  },
  close: {
    title: 'Cerrar para siempre',
    text: 'Antes, descarga tus datos si los quieres guardar.',
    points: [
      'Se cierran todas tus sesiones y los sitios pierden el acceso.',
      'Borramos tu correo, tu teléfono, tu ClaveÚnica, tu segundo paso y tus equipos.',
      'Guardamos tu RUN, tu nombre y el registro de lo que pasó, porque la ley lo pide.',
      'Para volver a tener ClaveÚnica hay que pedirla de nuevo, por videollamada o en una oficina.',
    ],
    understood: 'Entiendo que no se puede deshacer',
    submit: 'Cerrar mi cuenta',
    problem: { title: 'Falta tu confirmación', text: 'Marca que entiendes que no se puede deshacer.' },
  },
  blocked: {
    title: 'Tu cuenta está bloqueada',
    text: 'Nadie puede entrar. Para abrirla, recupera tu ClaveÚnica.',
    way: 'Recuperar mi ClaveÚnica',
  },
  closed: {
    title: 'Cerraste tu cuenta',
    text: 'Te enviamos un último aviso a tu correo. Gracias por usar ClaveÚnica.',
  },
};
