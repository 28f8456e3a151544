/** Two invented institutions: their names are not translated. */
export const demoSite = {
  made: 'Sitio inventado, para probar el ingreso con ClaveÚnica.',
  signIn: 'Iniciar sesión',
  signInNote: 'Con tu ClaveÚnica',
  other: (name: string) => `Visitar ${name}`,
  loggedOut: 'Cerraste tu sesión en este sitio. La de ClaveÚnica se cierra aparte: solo si respondiste que sí.',
  sites: {
    municipio: {
      title: 'Tus trámites municipales, sin salir de casa',
      lead: 'Permiso de circulación, patentes, subsidios y horas de atención para vecinas y vecinos de Los Robles.',
      services: [
        { title: 'Permiso de circulación', text: 'Renueva y paga el de tu vehículo.' },
        { title: 'Ayudas y subsidios', text: 'Revisa a cuáles puedes postular.' },
        { title: 'Horas de atención', text: 'Reserva con la oficina que necesitas.' },
      ],
    },
    registro: {
      title: 'Certificados y documentos al día',
      lead: 'Pide certificados, consulta tus inscripciones y sigue tus solicitudes en Tres Esteros.',
      services: [
        { title: 'Certificados', text: 'Se descargan de inmediato.' },
        { title: 'Inscripciones', text: 'Consulta las que están a tu nombre.' },
        { title: 'Solicitudes', text: 'Mira en qué va cada una.' },
      ],
    },
  },
  greeting: {
    title: (name: string) => `Hola, ${name}`,
    lead: 'Ingresaste con ClaveÚnica. Esto es lo que recibió este sitio:',
    idToken: 'Datos del ID token',
    token: 'Respuesta de token',
    userinfo: 'Respuesta de userinfo',
    logOut: 'Cerrar sesión',
    home: 'Volver al inicio',
  },
  problem: {
    title: 'No pudimos iniciar tu sesión',
    cancelled: 'Cancelaste el ingreso. Puedes intentarlo otra vez cuando quieras.',
    text: 'El ingreso no terminó bien. Puedes intentarlo otra vez.',
    details: 'Detalle técnico',
    retry: 'Intentar otra vez',
    home: 'Volver al inicio',
  },
};
