/** Lists of any length. */
export const table = {
  filter: 'Filtrar',
  clear: 'Quitar filtros',
  filterOf: (what: string) => `Filtrar: ${what}`,
  all: 'Todos',
  count: (number: string, count: number) => (count === 1 ? '1 resultado' : `${number} resultados`),
  more: (number: string) => `más de ${number} resultados`,
  pages: 'Páginas de la lista',
  before: 'Anteriores',
  after: 'Siguientes',
  file: {
    title: 'Descargar como archivo CSV',
    hint: 'Hasta 10.000 filas, con los filtros de ahora; diez archivos por hora. Queda registrado quién lo descarga, qué y por qué. Guárdalo solo en un equipo de tu institución y bórralo cuando ya no lo necesites.',
    get: 'Descargar',
  },
};

/** The one field in the head of the console. */
export const search = {
  title: 'Buscar en la consola',
  label: 'Buscar',
  button: 'Buscar',
  hint: 'Escribe el nombre de una sala, un RUN, un sitio o su client_id, un código de ayuda o el número de una solicitud. Con el teclado: / o Ctrl+K.',
  found: 'Resultados',
  rooms: 'Salas',
  clients: 'Sitios',
  case: 'Ver la solicitud con ese número',
  person: 'Consultar a la persona con ese RUN',
  personText: 'Todavía no se ha consultado nada. Escribe el motivo para ver su cuenta.',
  audit: 'Buscar en el registro de auditoría',
  auditText: 'Todavía no se ha buscado nada. Escribe el motivo para ver los registros.',
  none: (said: string) => `No encontramos nada con «${said}» que puedas ver.`,
  helpCode:
    'Parece un código de ayuda. Lo que hizo la persona con él lo busca auditoría; la página que lo mostró, y por qué, está en el registro del servidor (campo «help»), que lee quien opera el servicio.',
};

/** Requests for a ClaveÚnica, as a list. */
export const caseList = {
  lead: 'Dónde está cada solicitud. De quién es se ve al abrirla, con un motivo.',
  none: 'No hay solicitudes así. Quita un filtro para ver otras.',
  noneYet: 'Todavía no hay solicitudes.',
  columns: {
    id: 'Número',
    stage: 'Etapa',
    channel: 'Canal',
    office: 'Oficina',
    created: 'Pedida',
    moved: 'Último cambio',
  },
  stages: {
    requested: 'pedida',
    'contact-confirmed': 'con contacto confirmado',
    booked: 'con hora',
    'in-session': 'en sesión',
    held: 'detenida',
    identified: 'identificada',
    'code-issued': 'con código entregado',
    activated: 'activada',
    rejected: 'rechazada',
    withdrawn: 'retirada por la persona',
    expired: 'vencida',
  },
};

/** Offices, as a list. */
export const officeList = {
  lead: 'Cuándo abre cada oficina, cuántas funcionarias y funcionarios tienen turno hoy y cuántas personas esperan ahora.',
  none: 'No hay oficinas así. Quita un filtro para ver otras.',
  noneYet: 'Todavía no hay oficinas. Las agrega quien opera el servidor (clave office import).',
  columns: {
    name: 'Oficina',
    place: 'Región y comuna',
    hours: 'Abierta',
    rostered: 'Con turno hoy',
    waiting: 'Esperan',
  },
  agency: 'Servicio',
  region: 'Región',
  everywhere: 'Todas',
  today: 'Hoy',
  closed: 'cerrada',
  nobody: 'Hoy abre y nadie tiene turno.',
  roster: 'Ver turnos',
  rosterOf: (name: string) => `Ver turnos: ${name}`,
};
