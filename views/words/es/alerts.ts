/** What an operator must look at now: in the console and by mail. */
export const alerts = {
  subject: (title: string) => `Alerta de ClaveÚnica: ${title}`,
  intro: 'El sistema avisó de algo que alguien debe mirar ahora.',
  look: 'Ver las alertas en la consola',
  why: 'Este correo llega a la dirección de ALERT_MAILTO o, si no la hay, a la de SECURITY_CONTACT. La misma alerta se envía a lo más una vez por hora.',
  room: {
    lead: 'Lo que el servicio notó y alguien debe mirar. Quien lo revisa queda registrado.',
    open: 'Por revisar',
    all: 'Todas',
    noneOpen: 'No hay nada por revisar.',
    none: 'No hay alertas todavía.',
    acknowledge: 'Ya lo revisé',
    seen: (name: string, when: string) => `Lo revisó ${name}, ${when}`,
    more: 'Ver anteriores',
  },
  kinds: {
    guessing: {
      title: 'Adivinan claves',
      todo: 'Se prueban muchas claves a la vez. Los dispositivos nuevos deben confirmar su correo mientras dure; mire de dónde vienen.',
    },
    'mass-recovery': {
      title: 'Muchas recuperaciones',
      todo: 'Muchas más personas que lo normal eligen una ClaveÚnica nueva. Si no hay una razón conocida, detenga la recuperación en Interruptores.',
    },
    'staff-look-ups': {
      title: 'Demasiadas consultas',
      todo: 'Alguien del equipo llegó al máximo de consultas por hora. Hable con esa persona o deshabilite su cuenta.',
    },
    'staff-off-hours': {
      title: 'Consultas fuera de horario',
      todo: 'Alguien del equipo abre fichas de noche o en domingo. Confirme que está trabajando.',
    },
    'staff-denied': {
      title: 'Intentos sin permiso',
      todo: 'Alguien del equipo intenta una y otra vez lo que no puede hacer. Revise sus intentos en Auditoría.',
    },
    'own-record': {
      title: 'Su propia ficha',
      todo: 'Alguien del equipo quiso trabajar en su propia ficha. No se le permitió; hable con esa persona.',
    },
    'chain-broken': {
      title: 'El registro fue alterado',
      todo: 'El registro de auditoría no está como fue sellado. Guarde una copia de la base y ejecute `clave audit verify`.',
    },
    'chain-late': {
      title: 'El registro no se sella',
      todo: 'Hace minutos que el registro de auditoría no se sella. Revise los procesos y las transacciones abiertas.',
    },
    'key-changed': {
      title: 'Cambió una llave de firma',
      todo: 'Otra llave firma desde ahora. Si nadie lo pidió y no tocaba, siga la guía de llaves comprometidas.',
    },
    'clock-off': {
      title: 'Los relojes no coinciden',
      todo: 'El reloj de este proceso y el de la base difieren en más de un segundo. Revise la sincronización (NTP).',
    },
  },
};
