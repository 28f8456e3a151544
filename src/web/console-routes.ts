import * as accountCases from './console/account-cases.ts';
import { exportAccountCases, showAccountCases } from './console/account-cases-list.ts';
import * as agenda from './console/agenda.ts';
import { showAttempts } from './console/attempts.ts';
import { exportFound, showAudit, submitAudit } from './console/audit.ts';
import { showCall } from './console/call.ts';
import * as alerts from './console/alerts.ts';
import * as clients from './console/clients.ts';
import { exportClients, showClients } from './console/clients-list.ts';
import * as work from './console/case-work.ts';
import { showRequests } from './console/requests.ts';
import { comeIn, goOut, showLeft, signIn } from './console/door.ts';
import { showConsole } from './console/home.ts';
import * as figures from './console/figures.ts';
import * as rosters from './console/rosters.ts';
import { showSearch } from './console/search.ts';
import { showOffices } from './console/offices.ts';
import * as second from './console/second.ts';
import { showSlipWaiting, submitPrint } from './console/slip.ts';
import { showSecondCode, submitSecondCode } from './console/second-code.ts';
import * as supervision from './console/supervision.ts';
import { showPeople, submitLookUp, submitPersonAct } from './console/people.ts';
import * as staff from './console/staff.ts';
import { exportStaff } from './console/staff-list.ts';
import { showSwitches, submitSwitch, submitSwitchDecision } from './console/switches.ts';
import { showConsoleRobots } from './well-known.ts';
import type { StaffRow } from './kit/staff-row.ts';

/** THE table of the console: on a host and a listener of its own. `may` opens the door; each act is judged again. */
// prettier-ignore
export const consoleRoutes: readonly StaffRow[] = [
  { method: 'GET',  path: '/',                              who: 'staff',      limit: '600 per minute per network', may: 'any', act: showConsole },
  { method: 'GET',  path: '/robots.txt',                    who: 'staff-door', limit: '300 per minute per network', act: showConsoleRobots },
  { method: 'GET',  path: '/entrar',                        who: 'staff-door', limit: '300 per minute per network', act: signIn },
  { method: 'GET',  path: '/volver',                        who: 'staff-door', limit: '300 per minute per network', act: comeIn },
  { method: 'POST', path: '/salir',                         who: 'staff-door', limit: '300 per minute per network', act: goOut },
  { method: 'GET',  path: '/salida',                        who: 'staff-door', limit: '300 per minute per network', act: showLeft },
  { method: 'GET',  path: '/buscar',                        who: 'staff',      limit: '600 per minute per network', may: 'any', act: showSearch },
  { method: 'GET',  path: '/agenda',                        who: 'staff',      limit: '600 per minute per network', may: 'case draw',     act: agenda.showAgenda },
  { method: 'POST', path: '/agenda/siguiente',              who: 'staff',      limit: '300 per minute per network', may: 'case draw',     act: agenda.submitNext },
  { method: 'GET',  path: '/meson',                         who: 'staff',      limit: '600 per minute per network', may: 'case arrive',   act: agenda.showDesk },
  { method: 'POST', path: '/meson/llegada',                 who: 'staff',      limit: '300 per minute per network', may: 'case arrive',   act: agenda.submitArrival },
  { method: 'POST', path: '/meson/solicitud',               who: 'staff',      limit: '300 per minute per network', may: 'case arrive',   act: agenda.submitRequest },
  { method: 'GET',  path: '/meson/segundo-codigo',          who: 'staff',      limit: '600 per minute per network', may: 'second code print', fresh: true, act: showSecondCode },
  { method: 'POST', path: '/meson/segundo-codigo',          who: 'staff',      limit: '300 per minute per network', may: 'second code print', fresh: true, act: submitSecondCode },
  { method: 'GET',  path: '/meson/:id',                     who: 'staff',      limit: '600 per minute per network', may: 'case work',     act: work.showDeskCase },
  { method: 'POST', path: '/meson/:id/imprimir',            who: 'staff',      limit: '300 per minute per network', may: 'slip print',    fresh: true, act: submitPrint },
  { method: 'GET',  path: '/meson/:id/comprobante',         who: 'staff',      limit: '600 per minute per network', may: 'slip print',    fresh: true, act: showSlipWaiting },
  { method: 'GET',  path: '/casos',                         who: 'staff',      limit: '600 per minute per network', may: 'case list',     act: showRequests },
  { method: 'GET',  path: '/casos/:id/llave',               who: 'staff',      limit: '300 per minute per network', may: 'case work',     fresh: true, act: work.showKey },
  { method: 'POST', path: '/casos/:id/registro',            who: 'staff',      limit: '300 per minute per network', may: 'case work',     act: work.submitRegistry },
  { method: 'POST', path: '/casos/:id/revision',            who: 'staff',      limit: '300 per minute per network', may: 'case work',     act: work.submitSheet },
  { method: 'POST', path: '/casos/:id/rechazar',            who: 'staff',      limit: '300 per minute per network', may: 'case work',     act: work.submitReject },
  { method: 'POST', path: '/casos/:id/alerta',              who: 'staff',      limit: '300 per minute per network', may: 'case work',     act: work.submitFlag },
  { method: 'POST', path: '/casos/:id/cortar',              who: 'staff',      limit: '300 per minute per network', may: 'case work',     act: work.submitCut },
  { method: 'POST', path: '/casos/:id/excepcion',           who: 'staff',      limit: '300 per minute per network', may: 'case work',     act: work.submitException },
  { method: 'GET',  path: '/casos/:id',                     who: 'staff',      limit: '600 per minute per network', may: 'case see',      act: second.showHistory },
  { method: 'POST', path: '/casos/:id',                     who: 'staff',      limit: '300 per minute per network', may: 'case see',      act: second.submitHistory },
  { method: 'POST', path: '/casos/:id/reemitir',            who: 'staff',      limit: '300 per minute per network', may: 'reissue propose', fresh: true, act: second.submitReissue },
  { method: 'GET',  path: '/segunda',                       who: 'staff',      limit: '600 per minute per network', may: 'exception decide', act: second.showSecond },
  { method: 'GET',  path: '/segunda/:id',                   who: 'staff',      limit: '600 per minute per network', may: 'exception decide', fresh: true, act: second.showSecondCase },
  { method: 'POST', path: '/segunda/:id',                   who: 'staff',      limit: '300 per minute per network', may: 'exception decide', fresh: true, act: second.submitSecond },
  { method: 'GET',  path: '/supervision',                   who: 'staff',      limit: '600 per minute per network', may: 'sample review', act: supervision.showSupervision },
  { method: 'POST', path: '/supervision/detenidas/:id',     who: 'staff',      limit: '300 per minute per network', may: 'hold release',  fresh: true, act: supervision.submitHold },
  { method: 'POST', path: '/supervision/muestra/:id',       who: 'staff',      limit: '300 per minute per network', may: 'sample review', fresh: true, act: supervision.submitReview },
  { method: 'GET',  path: '/oficinas',                      who: 'staff',      limit: '600 per minute per network', may: 'office list',   act: showOffices },
  { method: 'GET',  path: '/turnos',                        who: 'staff',      limit: '600 per minute per network', may: 'roster edit',   act: rosters.showRosters },
  { method: 'POST', path: '/turnos',                        who: 'staff',      limit: '300 per minute per network', may: 'roster edit',   act: rosters.submitShift },
  { method: 'POST', path: '/turnos/quitar',                 who: 'staff',      limit: '300 per minute per network', may: 'roster edit',   act: rosters.submitRemoval },
  { method: 'GET',  path: '/cifras',                        who: 'staff',      limit: '600 per minute per network', may: 'figures see',   act: figures.showFigures },
  { method: 'POST', path: '/cifras/exportar',               who: 'staff',      limit: '60 per minute per network',  may: 'figures export', act: figures.exportFigures },
  { method: 'GET',  path: '/personas',                      who: 'staff',      limit: '600 per minute per network', may: 'person look up',      act: showPeople },
  { method: 'POST', path: '/personas',                      who: 'staff',      limit: '300 per minute per network', may: 'person look up',      act: submitLookUp },
  { method: 'POST', path: '/personas/:id/send-recovery',    who: 'staff',      limit: '300 per minute per network', may: 'person send recovery', act: submitPersonAct('send-recovery') },
  { method: 'POST', path: '/personas/:id/block',            who: 'staff',      limit: '300 per minute per network', may: 'person block',        fresh: true, act: submitPersonAct('block') },
  { method: 'POST', path: '/personas/:id/unblock',          who: 'staff',      limit: '300 per minute per network', may: 'person unblock',      fresh: true, act: submitPersonAct('unblock') },
  { method: 'POST', path: '/personas/:id/end-sessions',     who: 'staff',      limit: '300 per minute per network', may: 'person end sessions', fresh: true, act: submitPersonAct('end-sessions') },
  { method: 'POST', path: '/personas/:id/open-case',        who: 'staff',      limit: '300 per minute per network', may: 'person open case',    act: submitPersonAct('open-case') },
  { method: 'GET',  path: '/cuentas',                       who: 'staff',      limit: '600 per minute per network', may: 'account case list',   act: showAccountCases },
  { method: 'POST', path: '/cuentas/exportar',              who: 'staff',      limit: '60 per minute per network',  may: 'account case export', act: exportAccountCases },
  { method: 'GET',  path: '/cuentas/:id',                   who: 'staff',      limit: '600 per minute per network', may: 'account case see',    act: accountCases.showAccountCase },
  { method: 'POST', path: '/cuentas/:id/tomar',             who: 'staff',      limit: '300 per minute per network', may: 'account case take',   act: accountCases.submitTake },
  { method: 'POST', path: '/cuentas/:id/nota',              who: 'staff',      limit: '300 per minute per network', may: 'account case note',   act: accountCases.submitNote },
  { method: 'POST', path: '/cuentas/:id/cerrar',            who: 'staff',      limit: '300 per minute per network', may: 'account case close',  fresh: true, act: accountCases.submitClose },
  { method: 'GET',  path: '/llamada/:id',                   who: 'staff',      limit: '600 per minute per network', may: 'case work',           act: showCall },
  { method: 'GET',  path: '/auditoria',                     who: 'staff',      limit: '600 per minute per network', may: 'audit search',        act: showAudit },
  { method: 'POST', path: '/auditoria',                     who: 'staff',      limit: '300 per minute per network', may: 'audit search',        act: submitAudit },
  { method: 'POST', path: '/auditoria/exportar',            who: 'staff',      limit: '60 per minute per network',  may: 'audit export',        act: exportFound },
  { method: 'GET',  path: '/funcionarios',                  who: 'staff',      limit: '600 per minute per network', may: 'staff list',    act: staff.showStaff },
  { method: 'POST', path: '/funcionarios/exportar',         who: 'staff',      limit: '60 per minute per network',  may: 'staff export',  act: exportStaff },
  { method: 'GET',  path: '/funcionarios/invitar',          who: 'staff',      limit: '600 per minute per network', may: 'staff propose', fresh: true, act: staff.showInvite },
  { method: 'POST', path: '/funcionarios/invitar',          who: 'staff',      limit: '300 per minute per network', may: 'staff propose', fresh: true, act: staff.submitInvite },
  { method: 'POST', path: '/funcionarios/propuestas/:id',   who: 'staff',      limit: '300 per minute per network', may: 'staff decide',  fresh: true, act: staff.submitDecision },
  { method: 'POST', path: '/funcionarios/:id/capacitar',    who: 'staff',      limit: '300 per minute per network', may: 'staff train',   act: staff.submitTraining },
  { method: 'GET',  path: '/funcionarios/:id/deshabilitar', who: 'staff',      limit: '600 per minute per network', may: 'staff disable', fresh: true, act: staff.showDisable },
  { method: 'POST', path: '/funcionarios/:id/deshabilitar', who: 'staff',      limit: '300 per minute per network', may: 'staff disable', fresh: true, act: staff.submitDisable },
  { method: 'GET',  path: '/instituciones',                 who: 'staff',      limit: '600 per minute per network', may: 'client list', act: showClients },
  { method: 'POST', path: '/instituciones/exportar',        who: 'staff',      limit: '60 per minute per network',  may: 'client export', act: exportClients },
  { method: 'POST', path: '/instituciones/propuestas/:id',  who: 'staff',      limit: '300 per minute per network', may: 'client decide', fresh: true, act: clients.submitClientDecision },
  { method: 'GET',  path: '/instituciones/:id/clientes/:clientId',          who: 'staff', limit: '600 per minute per network', may: 'client list', act: clients.showClient },
  { method: 'GET',  path: '/instituciones/:id/clientes/:clientId/intentos', who: 'staff', limit: '600 per minute per network', may: 'client list', act: showAttempts },
  { method: 'POST', path: '/instituciones/:id/clientes/:clientId/uris',     who: 'staff', limit: '300 per minute per network', may: 'client propose', fresh: true, act: clients.submitUris },
  { method: 'POST', path: '/instituciones/:id/clientes/:clientId/funciones', who: 'staff', limit: '300 per minute per network', may: 'client feature propose', fresh: true, act: clients.submitFeatures },
  { method: 'POST', path: '/instituciones/:id/clientes/:clientId/rotate',   who: 'staff', limit: '300 per minute per network', may: 'client rotate secret', fresh: true, act: clients.submitRotation },
  { method: 'POST', path: '/instituciones/:id/clientes/:clientId/certify',  who: 'staff', limit: '300 per minute per network', may: 'client certify', fresh: true, act: clients.submitState('certify') },
  { method: 'POST', path: '/instituciones/:id/clientes/:clientId/suspend',  who: 'staff', limit: '300 per minute per network', may: 'client suspend', fresh: true, act: clients.submitState('suspend') },
  { method: 'POST', path: '/instituciones/:id/clientes/:clientId/resume',   who: 'staff', limit: '300 per minute per network', may: 'client suspend', fresh: true, act: clients.submitState('resume') },
  { method: 'GET',  path: '/alertas',                       who: 'staff',      limit: '600 per minute per network', may: 'alert list',        act: alerts.showAlerts },
  { method: 'POST', path: '/alertas/:id',                   who: 'staff',      limit: '300 per minute per network', may: 'alert acknowledge', act: alerts.submitAlert },
  { method: 'GET',  path: '/interruptores',                 who: 'staff',      limit: '600 per minute per network', may: 'switch propose', act: showSwitches },
  { method: 'POST', path: '/interruptores',                 who: 'staff',      limit: '300 per minute per network', may: 'switch propose', fresh: true, act: submitSwitch },
  { method: 'POST', path: '/interruptores/propuestas/:id',  who: 'staff',      limit: '300 per minute per network', may: 'switch decide',  fresh: true, act: submitSwitchDecision },
];
