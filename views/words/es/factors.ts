/** Second factors: «segundo paso», as the help calls them. */
export const factor = {
  title: 'Un paso más',
  why: {
    'sign-in': 'Tu cuenta tiene un segundo paso. Así nadie entra solo con tu ClaveÚnica.',
    more: 'Este sitio pide comprobar una vez más que eres tú.',
  },
  field: 'Código de tu aplicación',
  hint: 'Ejemplo: 123 456',
  orSaved: 'También sirve uno de tus códigos de respaldo.',
  savedField: 'Código de respaldo',
  savedHint: 'Ejemplo: 7K2M-9QXT-4B1C-8WZ5',
  submit: 'Continuar',
  sending: 'Comprobando…',
  or: 'o',
  demo: (code: string) => `Emulador: la aplicación de esta persona muestra ahora ${code}.`,
  passkey: {
    signIn: 'Entrar con llave de acceso',
    use: 'Usar mi llave de acceso',
    cannot: 'Este navegador no puede usar llaves de acceso, o tiene JavaScript apagado.',
    sending: 'Comprobando tu llave de acceso…',
    cancelled: 'No se completó. Puedes probar otra vez.',
    failed: 'No se pudo usar la llave de acceso en este dispositivo. Prueba otra vez o usa otra forma.',
    taken: 'Este dispositivo ya tiene una llave de acceso de tu cuenta.',
  },
  lost: {
    title: 'No tengo mi segundo paso',
    paragraphs: [
      'Usa otro de tus segundos pasos o un código de respaldo.',
      'Si los perdiste todos, tienes que identificarte de nuevo: en una oficina del Registro Civil o de ChileAtiende (IPS), con tu cédula, o por videollamada. Nadie puede quitarlos por teléfono ni por correo.',
    ],
    way: 'Dónde y cómo hacerlo',
  },
  problem: {
    refused: {
      title: 'No pudimos comprobarlo',
      text: 'Revisa el código: cambia cada 30 segundos y sirve una sola vez. Si usaste una llave de acceso, prueba de nuevo.',
    },
    'not-enough': {
      title: 'Este sitio pide una llave de acceso',
      text: 'Un código no basta aquí. Usa tu llave de acceso, o cancela para volver al sitio.',
    },
    wait: {
      title: (time: string) => `Espera ${time} y prueba de nuevo`,
      text: 'Hubo varios intentos seguidos. Lo hacemos para proteger tu cuenta.',
    },
  },
  setUp: {
    title: 'Agrega un segundo paso',
    text: 'Este sitio pide algo más que tu ClaveÚnica. Elige una forma; toma un minuto y te servirá siempre.',
    passkeyOnly: 'Este sitio pide una llave de acceso. Créala ahora; toma un minuto y te servirá siempre.',
    passkey: {
      title: 'Llave de acceso',
      text: 'La forma más segura y más fácil: con la huella, el rostro o el PIN de tu teléfono o computador.',
      submit: 'Crear llave de acceso',
    },
    totp: {
      title: 'Aplicación de códigos',
      text: 'Una aplicación en tu teléfono muestra un código nuevo cada 30 segundos. Sirve cualquiera, como Aegis, Google Authenticator o Microsoft Authenticator.',
      scan: 'Abre la aplicación y apunta la cámara a este cuadro.',
      pictureOf: 'Código QR con la clave que está escrita más abajo',
      sameDevice: 'Abrir en la aplicación de este dispositivo',
      orType: 'O escribe esta clave en la aplicación:',
      field: 'Escribe el código que muestra',
      wrong: 'El código no corresponde. Revisa que la hora de tu teléfono esté bien y usa el más nuevo.',
      submit: 'Confirmar',
    },
    problem: {
      refused: { title: 'No quedó agregado', text: 'No pudimos comprobar lo que llegó. Prueba otra vez.' },
      over: { title: 'Pasó demasiado tiempo', text: 'Prueba otra vez desde aquí.' },
      recovered: {
        title: 'Todavía no se puede',
        text: 'Recuperaste tu ClaveÚnica por correo hace poco. Por seguridad, podrás agregar un segundo paso cuando hayan pasado 72 horas.',
      },
      taken: { title: 'Eso ya está en una cuenta', text: 'Usa otro dispositivo u otra forma.' },
    },
  },
  codes: {
    print: 'Imprimir',
    copy: 'Copiar',
    copied: 'Copiado',
    used: {
      title: 'Anota tu código nuevo',
      text: 'Reemplaza al código de respaldo que acabas de usar: tacha ese. No lo volveremos a mostrar.',
      submit: 'Ya lo anoté, continuar',
      without: (left: number) =>
        left === 0
          ? 'Continuar sin anotarlo (no me quedan más)'
          : left === 1
            ? 'Continuar sin anotarlo (me queda 1)'
            : `Continuar sin anotarlo (me quedan ${left})`,
    },
    again: {
      title: 'Guarda diez códigos nuevos',
      recovered: 'Tu ClaveÚnica nueva ya quedó guardada.',
      left: (left: number) =>
        left === 0
          ? 'Usaste tu último código de respaldo.'
          : left === 1
            ? 'Usaste un código de respaldo y te queda 1.'
            : `Usaste un código de respaldo y te quedan ${left}.`,
      text: 'Estos diez reemplazan a todos los anteriores. Imprímelos o anótalos, guárdalos lejos del teléfono y bota la lista vieja. No los volveremos a mostrar.',
      submit: 'Ya los guardé, continuar',
      without: (left: number) =>
        left === 0
          ? 'Continuar sin guardarlos (no me quedan más)'
          : left === 1
            ? 'Continuar con el que me queda'
            : `Continuar con los ${left} que me quedan`,
    },
    fresh: {
      title: 'Guarda tus códigos de respaldo',
      text: 'Si pierdes tu segundo paso, cada uno te deja entrar una vez. Imprímelos o anótalos y guárdalos lejos del teléfono. No los volveremos a mostrar.',
      submit: 'Ya los guardé, continuar',
    },
  },
};

/** «Mi cuenta», second factors. */
export const factors = {
  lead: 'Al ingresar te pedimos uno de estos, además de tu ClaveÚnica.',
  none: 'Hoy se entra a tu cuenta solo con tu ClaveÚnica. Con un segundo paso, nadie entra aunque la adivine.',
  since: (when: string) => `Desde ${when}.`,
  used: (when: string) => `Última vez: ${when}.`,
  unused: 'Aún no se usa.',
  rename: 'Cambiar nombre',
  remove: 'Quitar',
  save: 'Guardar',
  back: 'Volver sin cambiar nada',
  renameTitle: 'Nombre de la llave de acceso',
  done: {
    added: 'Listo: quedó agregado.',
    removed: 'Listo: lo quitamos.',
    renamed: 'Listo: cambiamos el nombre.',
  },
  told: 'Te avisamos por correo.',
  passkeys: {
    title: 'Llaves de acceso',
    add: 'Agregar una llave de acceso',
    synced: 'Está también en tus otros dispositivos.',
    unnamed: 'Sin nombre',
    name: 'Nombre',
    nameHint: 'Para reconocerla. Ejemplo: Mi teléfono',
  },
  totp: {
    title: 'Aplicación de códigos',
    text: 'Una aplicación en tu teléfono que muestra un código nuevo cada 30 segundos.',
    add: 'Agregar una aplicación',
  },
  codes: {
    title: 'Códigos de respaldo',
    none: 'Sirven cuando no tienes a mano tu segundo paso. Todavía no tienes.',
    left: (left: number) =>
      left === 0
        ? 'No te queda ninguno. Crea otros diez.'
        : left === 1
          ? 'Te queda 1. Crea otros diez antes de usarlo.'
          : left <= 3
            ? `Te quedan solo ${left}. Crea otros diez antes de que se acaben.`
            : `Te quedan ${left}. Cada uno sirve una vez.`,
    text: 'Son diez códigos. Cada uno te deja entrar una vez si pierdes tu segundo paso. Los mostramos solo ahora: ten a mano con qué anotarlos o imprimirlos.',
    replaces: (left: number) =>
      left === 1 ? 'El código que te queda dejará de servir.' : `Los ${left} códigos que te quedan dejarán de servir.`,
    make: 'Crear mis códigos',
    again: 'Crear códigos nuevos',
    kept: 'Ya los guardé',
  },
  lost: {
    title: 'Si los pierdes todos',
    text: 'Nadie puede quitarlos por teléfono ni por correo. Tendrás que identificarte de nuevo en una oficina del Registro Civil o de ChileAtiende (IPS), con tu cédula, o por videollamada. Por eso conviene tener dos.',
  },
  removal: {
    title: '¿Quitar este segundo paso?',
    passkey: (name: string) =>
      `La llave de acceso «${name}» dejará de abrir tu cuenta. Bórrala también en el dispositivo.`,
    totp: 'Los códigos de tu aplicación dejarán de servir. Borra también la cuenta en la aplicación.',
    others: 'Tus otros segundos pasos siguen sirviendo.',
    last: [
      'Es el último: a tu cuenta se entrará solo con tu ClaveÚnica.',
      'Tus códigos de respaldo dejan de servir.',
      'Los sitios que piden un segundo paso te pedirán agregar otro.',
    ],
    submit: 'Sí, quitarlo',
    keep: 'No, dejarlo',
  },
};
