export const activation = {
  start: {
    title: 'Activa tu ClaveÚnica',
    text: 'Usa el código que te dieron en la oficina o en la videollamada. Sirve una sola vez.',
    given: 'El código de tu enlace ya está puesto. Falta tu RUN.',
    code: 'Código de activación',
    hint: 'Ejemplo: 7K2M-9QXT-4B1C-8W',
    shared: 'Este computador o teléfono no es mío',
    submit: 'Continuar',
    sending: 'Comprobando…',
    noCode: 'No tengo un código',
    refused: {
      title: 'El código no sirve',
      text: 'Está mal escrito, ya venció, se usó o no es de ese RUN. Si lo acabas de usar en otro navegador, espera un minuto.',
      next: 'Cómo conseguir otro',
      field: 'Revisa el código.',
    },
  },
  confirm: {
    title: { email: 'Comprueba tu correo', sms: 'Comprueba tu teléfono', print: 'Escribe el segundo código' },
    text: {
      email: (to: string) => `Te enviamos otro código a ${to}. Así nadie más puede activar tu cuenta.`,
      sms: (to: string) =>
        `Te enviamos otro código por mensaje de texto al ${to}. Así nadie más puede activar tu cuenta.`,
      print: (_to: string) =>
        'Está en el segundo papel, el que te dio otra persona de la oficina. Así nadie más puede activar tu cuenta.',
    },
    lasts: {
      email: 'Dura 24 horas. Revisa también la carpeta de correo no deseado. Puedes cerrar esta página y volver.',
      sms: 'Dura 10 minutos. Puedes cerrar esta página y volver.',
      print:
        'Dura 24 horas desde que lo imprimieron. ¿No te dieron el segundo papel? Vuelve con tu cédula a la misma oficina y pídelo.',
    },
    submit: 'Continuar',
    again: 'Enviar otro código',
    other: {
      email: (to: string) => `Enviarlo al correo ${to}`,
      sms: (to: string) => `Enviarlo por mensaje de texto al ${to}`,
    },
    notMine: 'Ese correo o teléfono no es mío',
    sent: 'Enviamos otro código. El anterior ya no sirve.',
    wrong: {
      title: 'El código no sirve',
      text: 'Está mal escrito, ya venció o se usó. Revísalo o pide otro.',
    },
    wrongPaper: {
      title: 'El código no sirve',
      text: 'Está mal escrito, ya venció o se usó. Míralo en el segundo papel. Si no sirve, vuelve con tu cédula a la oficina: te darán códigos nuevos.',
    },
    offices: 'Dónde están las oficinas',
  },
  clave: {
    title: (name: string) => `Hola, ${name}`,
    text: 'Esta cuenta es tuya. Elige tu ClaveÚnica: es personal, no se la des a nadie.',
    submit: 'Activar mi ClaveÚnica',
    sending: 'Activando…',
    notMe: 'No soy esa persona',
  },
  done: {
    title: 'Tu ClaveÚnica está activa',
    text: 'Ya puedes usarla. Te enviamos un aviso por correo.',
    mailless: {
      text: 'Ya puedes usarla.',
      title: 'Si la olvidas',
      office:
        'No tienes un correo confirmado en tu cuenta, así que no podemos enviarte un código. Ve con tu cédula a una oficina: ahí te identifican de nuevo. O agrega un correo ahora, y la recuperas por internet.',
      link: 'Agregar un correo',
    },
    now: 'Qué puedes hacer ahora',
    items: [
      'Entrar a los sitios del Estado con tu RUN y tu ClaveÚnica.',
      'Pedir certificados, beneficios y hacer trámites sin ir a una oficina.',
      'Ver en tu cuenta dónde se ha usado y cambiarla cuando quieras.',
    ],
    passkey: {
      title: 'Entra sin escribirla',
      text: 'Con una llave de acceso entras con la huella, el rostro o el PIN de tu teléfono, y nadie te la puede robar con un sitio falso.',
      link: 'Agregar una llave de acceso',
    },
    shared: 'Este equipo no es tuyo: no dejes que guarde tu clave y cierra todas las ventanas al terminar.',
    account: 'Ir a mi cuenta',
  },
};
