/** What stands around every page. */
export const frame = {
  service: 'ClaveÚnica',
  skip: 'Ir al contenido',
  otherLanguage: 'English',
  languages: 'Idioma',
  emulator: 'Emulador',
  emulatorNote: 'Datos de prueba',
  reminder: 'Nadie del Estado te pedirá tu ClaveÚnica por teléfono, correo o mensaje.',
  home: 'Inicio',
  help: 'Ayuda',
  footer: 'Enlaces del sitio',
  problem: 'Error',
  newWindow: 'se abre en otra pestaña',
  offline: {
    title: 'No hay conexión',
    text: 'No se envió nada y lo que escribiste sigue aquí. Cuando vuelva la señal, aprieta el botón otra vez.',
  },
};

export const time = {
  in: (seconds: number) =>
    seconds < 100
      ? `${seconds} ${seconds === 1 ? 'segundo' : 'segundos'}`
      : seconds < 5400
        ? `${Math.ceil(seconds / 60)} minutos`
        : `${Math.ceil(seconds / 3600)} horas`,
};

export const site = {
  for: 'Para entrar a',
  policy: 'Política de privacidad',
  terms: 'Condiciones de uso',
};

export const data = {
  /** As the end of «el sitio recibirá …». */
  inSentence: {
    identifier: 'un código que te identifica solo en ese sitio',
    run: 'tu RUN',
    name: 'tu nombre',
    birthdate: 'tu fecha de nacimiento',
    email: 'tu correo electrónico',
    phone: 'tu teléfono',
  },
  /** As an item of a list. */
  inList: {
    identifier: 'Un código que te identifica solo en ese sitio',
    run: 'Tu RUN',
    name: 'Tu nombre',
    birthdate: 'Tu fecha de nacimiento',
    email: 'Tu correo electrónico',
    phone: 'Tu teléfono',
  },
  willReceive: (items: string) => `Al ingresar, este sitio recibirá ${items}. Nunca tu ClaveÚnica.`,
};

export const logIn = {
  title: 'Ingresa con tu ClaveÚnica',
  run: 'RUN',
  runHint: 'Ejemplo: 12.345.678-5',
  password: 'ClaveÚnica',
  show: 'Mostrar',
  hide: 'Ocultar',
  shared: 'Estoy en un computador compartido',
  submit: 'Ingresar',
  sending: 'Ingresando…',
  cancel: 'Cancelar',
  forgot: '¿No puedes ingresar?',
  none: '¿Aún no tienes ClaveÚnica?',
  get: 'Obtenla',
  or: 'o',
  activate: 'actívala con tu código',
  problem: {
    'malformed-run': {
      title: 'Revisa tu RUN',
      text: 'Escríbelo completo, con el dígito después del guion. Por ejemplo: 12.345.678-5.',
      field: 'Falta algo o hay un número equivocado.',
    },
    'missing-password': {
      title: 'Falta tu ClaveÚnica',
      text: 'Escribe tu ClaveÚnica para ingresar.',
      field: 'Escribe tu ClaveÚnica.',
    },
    'wrong-credentials': {
      title: 'El RUN o la ClaveÚnica no coinciden',
      text: 'Revísalos y prueba otra vez. Fíjate en las mayúsculas.',
      next: 'Si no la recuerdas, mira qué puedes hacer',
    },
    wait: {
      title: (time: string) => `Espera ${time} y prueba de nuevo`,
      text: 'Hubo varios intentos seguidos. Lo hacemos para proteger tu cuenta.',
      next: 'Qué hacer si no la recuerdas',
    },
    passkey: {
      title: 'Esa llave de acceso no sirvió',
      text: 'Puede que la hayas quitado de tu cuenta o que haya pasado mucho tiempo. Prueba otra vez, o ingresa con tu RUN y tu ClaveÚnica.',
    },
    busy: {
      title: 'Hay mucha gente ingresando',
      text: 'Tu RUN y tu ClaveÚnica no tienen problema. Espera unos segundos y toca «Ingresar» otra vez.',
    },
  },
  demo: {
    title: 'Personas de demostración',
    text: 'Elige una para ingresar con sus datos.',
    enter: 'Ingresar como',
  },
};

/** One more step, from where guessing goes on. */
export const mailCode = {
  title: 'Revisa tu correo',
  text: 'Por seguridad pedimos un paso más. Si tu RUN y tu ClaveÚnica están bien, te enviamos un código al correo que confirmaste.',
  field: 'Código',
  hint: 'Ejemplo: 7K2M-9QXT',
  submit: 'Continuar',
  lasts: 'Dura 10 minutos. Revisa también la carpeta de correo no deseado.',
  again: 'Escribir mis datos otra vez',
  noMail: 'No tengo acceso a ese correo',
  wrong: {
    title: 'El código no sirve',
    text: 'Está mal escrito, ya venció o se usó. Puedes probar de nuevo, o volver a escribir tus datos para recibir otro.',
    field: 'Revisa el código.',
  },
};

export const consent = {
  title: '¿Compartir tus datos con este sitio?',
  receives: 'Quiere recibir:',
  offline: 'También podrá volver a consultarlos cuando no estés conectado.',
  never: 'Nunca recibirá tu ClaveÚnica. Si dices que no, vuelves al sitio sin ingresar.',
  submit: 'Sí, compartir',
  cancel: 'No compartir',
};

export const logOut = {
  title: '¿Quieres cerrar sesión?',
  from: (name: string) => `Saliste de ${name}. Tu sesión de ClaveÚnica sigue abierta en este navegador.`,
  text: 'Tu sesión de ClaveÚnica está abierta en este navegador.',
  shared: 'Si otra persona usa este computador o teléfono, ciérrala.',
  yes: 'Sí, cerrar sesión',
  no: 'No, seguir conectado',
  stillIn: 'Tu sesión sigue abierta',
  doneTitle: 'Cerraste tu sesión',
  doneText: 'Ya nadie puede entrar con tu ClaveÚnica en este navegador sin escribirla.',
  doneShared: 'Si usas un computador compartido, cierra también todas las ventanas.',
  home: 'Ir al inicio',
};

/** Pages that send themselves on; without scripts, by their button. */
export const continuing = {
  return: {
    title: 'Ya casi está',
    text: (name: string) => `Te estamos llevando a ${name}.`,
    textUnnamed: 'Te estamos llevando de vuelta al sitio.',
    on: 'Continuar',
  },
  'log-out': {
    title: 'Cerrando tu sesión',
    text: (name: string) => `Después vuelves a ${name}.`,
    textUnnamed: 'Toma solo un momento.',
    on: 'Continuar',
  },
  switch: {
    title: 'Cambio de persona',
    text: (name: string) => `Cerramos la sesión anterior y seguimos hacia ${name}.`,
    textUnnamed: 'Cerramos la sesión anterior y seguimos con la tuya.',
    on: 'Continuar',
  },
  wait: 'Si no avanza, toca el botón.',
};
