export const line = {
  title: 'Estás en la fila',
  wait: (seconds: number) =>
    seconds <= 60 ? 'Te toca en menos de un minuto.' : `Te toca en unos ${Math.ceil(seconds / 60)} minutos.`,
  text: 'Mucha gente está ingresando en este momento. Se entra por orden de llegada.',
  keep: 'Deja esta página abierta: avanza sola.',
  look: 'Ver si ya me toca',
};

export const message = {
  'too-young': {
    title: 'Podrás activarla cuando cumplas 14 años',
    text: 'La ClaveÚnica es personal y se entrega desde los 14 años. Mientras tanto, tu madre, tu padre o quien te cuida puede hacer tus trámites.',
  },
  'no-contact': {
    title: 'Falta un correo o un teléfono tuyo',
    text: 'Para activar tu cuenta enviamos un segundo código, y no tenemos dónde. Vuelve donde te atendieron y pide que agreguen tu correo.',
  },
  'recovery-stopped': {
    title: 'La recuperación está detenida por ahora',
    text: 'La detuvimos por seguridad, para todas las personas. Tu cuenta está bien. Los códigos que hayas pedido antes no sirven. Si necesitas tu ClaveÚnica hoy, ve a una oficina con tu carnet.',
  },
  'enrolment-stopped': {
    title: 'Por ahora no se puede pedir por internet',
    text: 'Detuvimos las solicitudes por seguridad. Puedes pedir tu ClaveÚnica en una oficina, con tu carnet.',
  },
  'request-gone': {
    title: 'Este enlace ya no sirve',
    text: 'La solicitud terminó, venció o el enlace está incompleto. Puedes hacer otra.',
  },
  stale: {
    title: 'Esta página ya no sirve',
    text: 'Pasó mucho tiempo o ya la usaste. No se perdió nada: puedes empezar de nuevo.',
  },
  'no-cookies': {
    title: 'No reconocemos este navegador',
    text: 'La página se abrió en otro navegador, o este no guarda cookies. Prueba otra vez; si vuelve a pasar, permite las cookies de este sitio o usa otro navegador.',
  },
  finished: {
    title: 'Este paso ya está listo',
    text: 'Lo que enviaste llegó antes: se tocó dos veces o lo hiciste en otra pestaña. Sigue desde aquí.',
  },
  fault: {
    title: 'Algo falló de nuestro lado',
    text: 'No es tu culpa. Prueba otra vez en un momento. Si vuelve a pasar, llámanos y dinos el código de ayuda.',
  },
  unavailable: {
    title: 'Vuelve a probar en un momento',
    text: 'Hay mucha gente usando ClaveÚnica o estamos haciendo arreglos. Tu cuenta está bien.',
  },
  'too-many': {
    title: 'Espera un momento',
    text: 'Llegaron muchas solicitudes seguidas desde tu conexión. Espera un minuto y prueba otra vez.',
  },
  'not-found': {
    title: 'No encontramos esta página',
    text: 'Puede que el enlace esté incompleto o que la página ya no exista.',
  },
  'not-allowed': {
    title: 'Esta parte no es de tu función',
    text: 'Tu función en la consola no incluye esta página, y el intento quedó registrado. Si la necesitas para tu trabajo, pídela a tu supervisión.',
  },
  forbidden: {
    title: 'No pudimos comprobar este envío',
    text: 'Por tu seguridad no lo aceptamos. Suele pasar cuando la página estuvo abierta mucho rato o el navegador bloquea las cookies.',
  },
  'bad-request': {
    title: 'No entendimos lo que llegó',
    text: 'Faltan datos o llegaron incompletos. Vuelve y prueba otra vez.',
  },
  'too-large': {
    title: 'Lo que enviaste es muy grande',
    text: 'Vuelve y prueba con algo más corto.',
  },
  method: {
    title: 'Esta página se abre de otra manera',
    text: 'No se puede llegar a ella directamente. Empieza desde el inicio.',
  },
};

/** Labels for the ways on, and the help code. */
/** What is said above every page while something is stopped for everybody. */
export const stoppedBar = {
  label: 'Aviso del servicio',
  names: {
    'recovery-stopped': {
      title: 'La recuperación está detenida.',
      text: 'Si la necesitas, ve a una oficina. Ingresar funciona igual que siempre.',
    },
    'enrolment-stopped': {
      title: 'No se reciben solicitudes nuevas.',
      text: 'Puedes pedir tu ClaveÚnica en una oficina.',
    },
    'end-all-sessions': {
      title: 'Cerramos todas las sesiones por seguridad.',
      text: 'Ingresa de nuevo; tus trámites siguen ahí.',
    },
    'secrets-staged': {
      title: 'Estamos renovando las ClaveÚnica.',
      text: 'Al ingresar te pediremos elegir una nueva. Nunca la pedimos por correo ni por teléfono.',
    },
  },
};

export const ways = {
  retryAt: (name: string) => `Volver a intentar en ${name}`,
  backTo: (name: string) => `Volver a ${name}`,
  retry: 'Volver a intentar',
  on: 'Continuar',
  home: 'Ir al inicio',
  help: 'Ver la ayuda',
  offices: 'Ver las oficinas',
};
export const helpCode = {
  label: 'Código de ayuda',
  hint: 'Dilo si llamas a la mesa de ayuda.',
};

export const protocolError = {
  kinds: {
    'unknown-client': {
      title: 'El sitio que te envió no está registrado',
      text: 'No reconocemos ese sitio en ClaveÚnica, así que no seguimos. No escribas tus datos en él hasta estar seguro de que es del Estado.',
    },
    'redirect-mismatch': {
      title: 'El sitio que te envió no está bien configurado',
      text: 'No es tu culpa. Pidió que te enviáramos a una dirección que no tiene registrada, y por tu seguridad no lo hicimos.',
    },
    'client-disabled': {
      title: 'La institución no está habilitada en ClaveÚnica',
      text: 'No es tu culpa. Este sitio todavía no puede usar ClaveÚnica, o dejó de poder. Pregunta en la institución cómo hacer tu trámite.',
    },
    'invalid-request': {
      title: 'El sitio que te envió no está bien configurado',
      text: 'No es tu culpa. Lo que nos mandó el sitio está incompleto o mal escrito. Vuelve al sitio y prueba otra vez.',
    },
    server: {
      title: 'No pudimos completar tu ingreso',
      text: 'Algo falló de nuestro lado. Vuelve al sitio y prueba otra vez en un momento.',
    },
  },
  contact: (name: string) => `Si sigue pasando, avisa a ${name} y dales el código de ayuda.`,
  contactUnnamed: 'Si sigue pasando, avisa a la institución y dales el código de ayuda.',
  logOut: { text: 'Tu sesión de ClaveÚnica puede seguir abierta en este navegador.', way: 'Cerrar mi sesión' },
  all: 'Todos los errores',
  developers: 'Para quienes desarrollan el sitio',
  error: 'Error',
};
