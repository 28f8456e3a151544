/** Pages for who is asked on one device and signs in on another. */
export const device = {
  title: 'Escribe el código de tu dispositivo',
  text: 'Es el código que aparece en la pantalla donde quieres entrar.',
  field: 'Código',
  hint: 'Ejemplo: BCDF-GHJK',
  submit: 'Continuar',
  wrong: {
    title: 'El código no sirve',
    text: 'Está mal escrito, ya venció o se usó. Revísalo en la pantalla de tu dispositivo.',
    field: 'Revisa el código.',
  },
  confirm: {
    title: '¿Es este el código de tu dispositivo?',
    text: 'Sigue solo si tú pediste entrar y el código es el mismo en la otra pantalla.',
    submit: 'Sí, es el mismo',
    cancel: 'No, cancelar',
  },
  done: {
    title: 'Listo',
    text: 'Ya puedes volver a tu dispositivo. Esta página se puede cerrar.',
  },
};

export const approval = {
  title: '¿Eres tú quien quiere entrar?',
  text: 'Un sitio pidió confirmar tu identidad. Di que sí solo si tú empezaste.',
  allow: 'Sí, soy yo',
  deny: 'No, no fui yo',
  allowed: { title: 'Confirmado', text: 'El sitio ya sabe que eres tú.' },
  denied: { title: 'Rechazado', text: 'El sitio no recibió nada.' },
};
