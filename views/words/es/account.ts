/** The frame of «Mi cuenta» and its first page. */
export const account = {
  title: 'Mi cuenta',
  nav: 'Secciones de mi cuenta',
  back: 'Mi cuenta',
  signOut: 'Cerrar sesión',
  signInAgain: 'Volver a entrar',
  shared: {
    label: 'Computador compartido',
    text: 'Estás en un computador compartido. Cierra sesión antes de irte.',
  },
  hello: (name: string) => `Hola, ${name}`,
  sections: {
    overview: { title: 'Resumen', text: 'Quién eres y cuándo entraste.' },
    contact: { title: 'Mis datos', text: 'Tu correo y tu teléfono, para avisarte y para recuperar tu cuenta.' },
    password: { title: 'Mi ClaveÚnica', text: 'Cámbiala cuando quieras.' },
    factors: {
      title: 'Segundo paso',
      text: 'Llaves de acceso, aplicación de códigos y códigos de respaldo.',
    },
    sessions: { title: 'Sesiones y equipos', text: 'Dónde está abierta tu cuenta. Ciérrala donde no la uses.' },
    activity: { title: 'Actividad', text: 'En qué sitios entraste, cuándo y cómo.' },
    sites: { title: 'Sitios conectados', text: 'Los sitios del Estado que hoy pueden ver tus datos.' },
    export: { title: 'Descargar mis datos', text: 'Todo lo que ClaveÚnica guarda sobre ti.' },
    close: { title: 'Bloquear o cerrar mi cuenta', text: 'Si sospechas de alguien, o si ya no la quieres.' },
  },
  moment: {
    today: (time: string) => `hoy a las ${time}`,
    yesterday: (time: string) => `ayer a las ${time}`,
    on: (day: string, time: string) => `el ${day} a las ${time}`,
  },
  device: {
    in: (browser: string, system: string) => `${browser} en ${system}`,
    from: (device: string) => `desde ${device}`,
    unknown: 'un equipo que no reconocemos',
  },
  overview: {
    lastAccess: (when: string, device: string) => `Último acceso: ${when} desde ${device}.`,
    firstAccess: 'Este es tu primer acceso.',
    notMe: '¿No fuiste tú?',
    notMeLink: 'Revisa tus sesiones',
    fewCodes: (left: number) =>
      left === 0
        ? 'No tienes códigos de respaldo. Si pierdes tu segundo paso, tendrás que identificarte de nuevo.'
        : left === 1
          ? 'Te queda 1 código de respaldo.'
          : `Te quedan ${left} códigos de respaldo.`,
    makeCodes: 'Crear diez códigos nuevos',
    run: 'RUN',
    name: 'Nombre',
    identified: 'Tu identidad',
    identifiedBy: {
      video: 'Comprobada por videollamada',
      presencial: 'Comprobada en una oficina',
      biometrico: 'Comprobada con tus huellas',
    },
    email: 'Correo',
    noEmail: 'No tienes un correo confirmado. Sin él no puedes recuperar tu cuenta por internet.',
    addEmail: 'Agregar un correo',
  },
  clave: {
    text: 'Al cambiarla se cierran todas tus otras sesiones y te avisamos por correo.',
    current: 'ClaveÚnica actual',
    submit: 'Cambiar mi ClaveÚnica',
    sending: 'Cambiando…',
    forgot: 'No recuerdo la actual',
    done: 'Listo: cambiaste tu ClaveÚnica. Cerramos tus otras sesiones.',
    problem: {
      missing: { title: () => 'Falta tu ClaveÚnica actual', text: 'La pedimos para saber que eres tú.' },
      wrong: { title: () => 'Esa no es tu ClaveÚnica actual', text: 'Revísala y prueba otra vez.' },
      wait: {
        title: (time: string) => `Espera ${time} y prueba de nuevo`,
        text: 'Hubo varios intentos seguidos. Lo hacemos para proteger tu cuenta.',
      },
    },
  },
  left: {
    title: 'Saliste de tu cuenta',
    text: 'Ya no está abierta en este navegador. La sesión de ClaveÚnica se cierra aparte: solo si respondiste que sí.',
    shared: 'Si usas un computador compartido, cierra también todas las ventanas.',
    again: 'Volver a mi cuenta',
  },
};
