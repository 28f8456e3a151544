/** «No fui yo»: what the link of a letter leads to. */
export const notMe = {
  title: '¿No fuiste tú?',
  lead: 'Esto fue lo que te contamos. Todavía no hemos hecho nada.',
  willDo: 'Si no fuiste tú, aprieta el botón y haremos esto:',
  will: {
    sessions:
      'Cerraremos todas las sesiones de ClaveÚnica, también la tuya, y avisaremos a los sitios que aceptan el aviso.',
    open: 'Anularemos los códigos y las recuperaciones que estén en curso.',
    devices: 'Olvidaremos los dispositivos conocidos.',
    factors: 'Dejarán de servir los segundos pasos agregados desde ese momento.',
    contact: 'Volveremos a tus datos de contacto anteriores.',
    person: 'Una persona de nuestro equipo revisará el caso.',
  },
  button: 'No fui yo',
  wasMe: 'Sí fui yo: no hacer nada',
  doneTitle: 'Tu cuenta está protegida',
  doneLead:
    'Gracias por avisarnos. Ya cerramos las sesiones de ClaveÚnica, y una persona de nuestro equipo revisará el caso.',
  next: 'Ahora cambia tu ClaveÚnica: quien entró puede conocer la anterior.',
  change: 'Cambiar mi ClaveÚnica',
  open: {
    title: 'Sitios que pueden seguir abiertos',
    text: 'A estos sitios no les podemos cerrar la sesión: dura hasta que ellos mismos la terminan. Entra y cierra la sesión allí; si ves algo que no hiciste, avísales.',
  },
  call: (phone: string) => `Si no puedes entrar a tu correo, o ves algo más que no hiciste, llámanos al ${phone}.`,
  unknownTitle: 'Este enlace ya no sirve',
  unknown: (phone: string) =>
    `Dura 10 días, y hay que abrirlo en un navegador que acepte cookies. Ábrelo otra vez desde el correo o llámanos al ${phone}.`,
  recover: 'Recuperar mi ClaveÚnica',
};
