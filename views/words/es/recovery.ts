export const recovery = {
  step: (step: number, of: number) => `Paso ${step} de ${of}`,
  ask: {
    title: 'Recupera tu ClaveÚnica',
    text: 'Escribe tu RUN y te enviaremos un código al correo que confirmaste.',
    submit: 'Enviarme un código',
    sending: 'Enviando…',
    haveCode: 'Ya tengo el código',
    noMail: 'No puedo ver ese correo',
    noAddress: 'No tengo correo: ir a una oficina',
    blocked: 'También sirve si bloqueaste tu cuenta, o si hay que esperar porque hubo muchos intentos.',
  },
  expired: 'Este paso venció: pasó mucho tiempo, o seguiste en otra parte. Empieza de nuevo.',
  wait: {
    title: (time: string) => `Espera ${time} y prueba de nuevo`,
    text: 'Hubo varios intentos seguidos desde tu conexión. Lo hacemos para proteger las cuentas.',
  },
  code: {
    title: 'Revisa tu correo',
    text: (run: string) => `Si el RUN ${run} tiene una cuenta con un correo confirmado, le enviamos un código.`,
    submit: 'Continuar',
    lasts: 'Dura 10 minutos y sirve solo en este navegador. Revisa también la carpeta de correo no deseado.',
    again: 'Enviarme otro código',
    otherRun: 'Usar otro RUN',
    wrong: {
      title: 'El código no sirve',
      text: 'Está mal escrito, ya venció, se usó o lo pediste en otro navegador. Revísalo o pide otro.',
    },
  },
  clave: {
    title: 'Elige tu nueva ClaveÚnica',
    text: 'Reemplaza a la anterior en todos los sitios del Estado.',
    submit: 'Guardar',
    sending: 'Guardando…',
    ends: 'Al guardarla cerraremos todas tus sesiones y te avisaremos por correo.',
  },
  done: {
    title: 'Listo: tienes una ClaveÚnica nueva',
    text: 'La anterior ya no sirve. Cerramos todas tus sesiones y te avisamos por correo.',
    caution: 'Por seguridad, durante 72 horas algún sitio puede pedirte un paso más, o que vuelvas otro día.',
    account: 'Ir a mi cuenta',
  },
};
