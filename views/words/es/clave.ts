/** Choosing a ClaveÚnica: activation, recovery, change. */
export const clave = {
  field: 'Nueva ClaveÚnica',
  again: 'Escríbela otra vez',
  rule: (minimum: number) =>
    `Usa ${minimum} caracteres o más. Lo más fácil de recordar: cuatro palabras que no tengan que ver entre sí, con espacios.`,
  check: 'Comprobar',
  fine: { title: 'Es una buena ClaveÚnica', text: 'Ahora escríbela en los dos campos y guárdala.' },
  live: {
    title: 'Mientras escribes',
    length: (minimum: number) => `${minimum} caracteres o más`,
    own: 'No está hecha de tus datos',
    common: 'No es de las más usadas',
    good: 'listo',
    bad: 'falta',
  },
  problem: {
    missing: { title: 'Falta tu nueva ClaveÚnica', text: 'Escríbela en los dos campos.' },
    different: { title: 'No escribiste lo mismo dos veces', text: 'Escríbela otra vez en los dos campos.' },
    'too-short': {
      title: 'Es muy corta',
      text: (minimum: number) => `Necesita ${minimum} caracteres o más. Agrega una o dos palabras.`,
    },
    'too-long': { title: 'Es muy larga', text: 'Puede tener hasta 128 caracteres.' },
    'own-data': {
      title: 'Está hecha de tus datos',
      text: 'Quien te conoce podría adivinarla. No uses solo tu nombre, RUN, correo, teléfono o fecha de nacimiento.',
    },
    common: {
      title: 'Es de las que más se usan',
      text: 'Está en las listas que prueban los ladrones de claves. Elige otra.',
    },
    guessable: {
      title: 'Es fácil de adivinar',
      text: 'Un computador la encontraría pronto. Prueba con cuatro palabras que no tengan que ver entre sí.',
    },
    same: {
      title: 'Es la misma que tenías',
      text: 'Elige una distinta: la anterior puede conocerla otra persona.',
    },
    busy: {
      title: 'No alcanzamos a revisarla',
      text: 'Hay mucha gente en este momento. Espera unos segundos y prueba otra vez: no se perdió nada.',
    },
  },
};

/** Before a sign-in goes on with a ClaveÚnica that somebody else may know. */
export const changeClave = {
  title: 'Necesitas una ClaveÚnica nueva',
  why: 'Es posible que otra persona conozca la que usas. Para protegerte, ya no abre nada.',
  next: 'Te enviaremos un código a tu correo. Con él eliges otra ClaveÚnica, y después sigues donde estabas.',
  submit: 'Elegir una ClaveÚnica nueva',
  noMail: 'No puedo ver mi correo',
  choose:
    'Es posible que otra persona conozca la que usas. Ya comprobamos que eres tú: elige otra y sigues donde estabas.',
  save: 'Guardar y continuar',
  saving: 'Guardando…',
  ends: 'Al guardarla cerraremos tus otras sesiones y te avisaremos por correo.',
};

/** Fields of codes. */
export const codeField = {
  label: 'Código',
  hint: 'Ejemplo: 7K2M-9QXT',
  wrong: 'Revisa el código.',
};
