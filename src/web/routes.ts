import { showActivity } from './account/activity.ts';
import { showClave, submitClave } from './account/clave.ts';
import { showClosing, submitClosing } from './account/closing.ts';
import { showConfirmContact, showContact, submitConfirmContact, submitContact } from './account/contact.ts';
import { comeIn, goOut, showLeft } from './account/door.ts';
import { downloadExport, showExport } from './account/export.ts';
import * as ownFactors from './account/factors.ts';
import { showOverview } from './account/overview.ts';
import { askEnd, endPlace, forgetPlace, showPlaces } from './account/places.ts';
import { cutSite, showSites } from './account/sites.ts';
import { showApproval, showResource, submitApproval } from './conformance.ts';
import * as activation from './activation.ts';
import * as activationEnd from './activation-end.ts';
import * as booking from './booking.ts';
import * as enrolment from './enrolment.ts';
import { submitConsent } from './consent.ts';
import { showForcedChange, submitForcedChange } from './forced-change.ts';
import * as emulator from './emulator/emulator.ts';
import { setFault, showFaults } from './emulator/faults.ts';
import { listMessages, showMessages } from './emulator/messages.ts';
import { showHelp, showHome } from './home.ts';
import type { Row } from './kit/row.ts';
import { logOutAsToday } from './legacy-logout.ts';
import { offerPasskeyLogIn, showInteraction, submitLogIn, submitPasskeyLogIn } from './log-in.ts';
import { showMailCode, submitMailCode } from './mail-code.ts';
import { showNotMe, submitNotMe } from './not-me.ts';
import { leaveCodes, showCodes } from './saved-codes.ts';
import { showSecondFactor, submitSecondFactor } from './second-factor.ts';
import { showSetUp, submitSetUp } from './set-up-factor.ts';
import * as recovery from './recovery.ts';
import * as recoveryCodes from './recovery-codes.ts';
import * as recoveryEnd from './recovery-end.ts';
import * as recoveryFactor from './recovery-factor.ts';
import { comeBackLate, startAgain } from './way-back.ts';
import { showCode, submitCode } from './call/code.ts';
import { showCallTest, showRoom } from './call/room.ts';
import { comeBack, goInto } from './ways-in.ts';
import { listPasskeyEndpoints, showRobots, showSecurityContact, toPasswordChange } from './well-known.ts';
import { unlessStopped } from './stopped.ts';

/** THE table: every URL of ours, who may open it, how often. Read this for a security review. */
// prettier-ignore
export const routes: readonly Row[] = [
  { method: 'GET',  path: '/',                         who: 'anyone',      limit: '300 per minute per network', act: showHome },
  { method: 'GET',  path: '/ayuda',                    who: 'anyone',      limit: '300 per minute per network', act: showHelp },
  { method: 'GET',  path: '/robots.txt',               who: 'anyone',      limit: '300 per minute per network', act: showRobots },
  { method: 'GET',  path: '/.well-known/change-password',   who: 'anyone', limit: '300 per minute per network', act: toPasswordChange },
  { method: 'GET',  path: '/.well-known/passkey-endpoints', who: 'anyone', limit: '300 per minute per network', act: listPasskeyEndpoints },
  { method: 'GET',  path: '/.well-known/security.txt',      who: 'anyone', limit: '300 per minute per network', act: showSecurityContact },
  { method: 'GET',  path: '/ingresar/:uid',            who: 'interaction', limit: '6000 per minute per network', prompt: 'any',     act: showInteraction },
  { method: 'POST', path: '/ingresar/:uid',            who: 'interaction', limit: '3000 per minute per network', prompt: 'login',   act: submitLogIn },
  { method: 'POST', path: '/ingresar/:uid/autorizar',  who: 'interaction', limit: '3000 per minute per network', prompt: 'consent', act: submitConsent },
  { method: 'GET',  path: '/ingresar/:uid/paso',       who: 'interaction', limit: '3000 per minute per network', prompt: 'login',   act: showMailCode },
  { method: 'POST', path: '/ingresar/:uid/paso',       who: 'interaction', limit: '3000 per minute per network', prompt: 'login',   act: submitMailCode },
  { method: 'GET',  path: '/ingresar/:uid/llave',      who: 'interaction', limit: '6000 per minute per network', prompt: 'login',   act: offerPasskeyLogIn },
  { method: 'POST', path: '/ingresar/:uid/llave',      who: 'interaction', limit: '3000 per minute per network', prompt: 'login',   act: submitPasskeyLogIn },
  { method: 'GET',  path: '/ingresar/:uid/segundo-factor', who: 'interaction', limit: '3000 per minute per network', prompt: 'login or assurance', act: showSecondFactor },
  { method: 'POST', path: '/ingresar/:uid/segundo-factor', who: 'interaction', limit: '3000 per minute per network', prompt: 'login or assurance', act: submitSecondFactor },
  { method: 'GET',  path: '/ingresar/:uid/agregar-factor', who: 'interaction', limit: '3000 per minute per network', prompt: 'assurance', act: showSetUp },
  { method: 'POST', path: '/ingresar/:uid/agregar-factor', who: 'interaction', limit: '3000 per minute per network', prompt: 'assurance', act: submitSetUp },
  { method: 'GET',  path: '/ingresar/:uid/codigos',    who: 'interaction', limit: '3000 per minute per network', prompt: 'login or assurance', act: showCodes },
  { method: 'POST', path: '/ingresar/:uid/codigos',    who: 'interaction', limit: '3000 per minute per network', prompt: 'login or assurance', act: leaveCodes },
  { method: 'GET',  path: '/ingresar/:uid/cambiar',    who: 'interaction', limit: '3000 per minute per network', prompt: 'login',   act: showForcedChange },
  { method: 'POST', path: '/ingresar/:uid/cambiar',    who: 'interaction', limit: '3000 per minute per network', prompt: 'login',   act: submitForcedChange },
  { method: 'GET',  path: '/ingresar/:uid/reintentar', who: 'anyone',      limit: '300 per minute per network', act: startAgain },
  { method: 'GET',  path: '/no-fui-yo',                who: 'link',        limit: '60 per minute per network',  act: showNotMe },
  { method: 'POST', path: '/no-fui-yo',                who: 'link',        limit: '60 per minute per network',  act: submitNotMe },
  { method: 'GET',  path: '/ingresar/:uid/ir/:flow',   who: 'interaction', limit: '300 per minute per network', prompt: 'any',     act: goInto },
  { method: 'GET',  path: '/ingresar/:uid/volver',     who: 'interaction', limit: '300 per minute per network', prompt: 'any',     act: comeBack, lost: comeBackLate },
  { method: 'GET',  path: '/recuperar',                who: 'flow',        limit: '300 per minute per network', act: unlessStopped('recovery-stopped', recovery.showRecovery) },
  { method: 'POST', path: '/recuperar',                who: 'flow',        limit: '60 per minute per network',  act: unlessStopped('recovery-stopped', recovery.submitRecovery) },
  { method: 'GET',  path: '/recuperar/codigo',         who: 'flow',        limit: '300 per minute per network', act: unlessStopped('recovery-stopped', recovery.showRecoveryCode) },
  { method: 'POST', path: '/recuperar/codigo',         who: 'flow',        limit: '120 per minute per network', act: unlessStopped('recovery-stopped', recovery.submitRecoveryCode) },
  { method: 'GET',  path: '/recuperar/factor',         who: 'flow',        limit: '300 per minute per network', act: unlessStopped('recovery-stopped', recoveryFactor.showRecoveryFactor) },
  { method: 'POST', path: '/recuperar/factor',         who: 'flow',        limit: '120 per minute per network', act: unlessStopped('recovery-stopped', recoveryFactor.submitRecoveryFactor) },
  { method: 'GET',  path: '/recuperar/clave',          who: 'flow',        limit: '300 per minute per network', act: unlessStopped('recovery-stopped', recoveryEnd.showRecoveryClave) },
  { method: 'POST', path: '/recuperar/clave',          who: 'flow',        limit: '120 per minute per network', act: unlessStopped('recovery-stopped', recoveryEnd.submitRecoveryClave) },
  { method: 'GET',  path: '/recuperar/codigos',        who: 'flow',        limit: '300 per minute per network', act: unlessStopped('recovery-stopped', recoveryCodes.showRecoveryCodes) },
  { method: 'POST', path: '/recuperar/codigos',        who: 'flow',        limit: '120 per minute per network', act: unlessStopped('recovery-stopped', recoveryCodes.leaveRecoveryCodes) },
  { method: 'GET',  path: '/recuperar/listo',          who: 'flow',        limit: '300 per minute per network', act: unlessStopped('recovery-stopped', recovery.showRecovered) },
  { method: 'GET',  path: '/activar',                  who: 'flow',        limit: '300 per minute per network', act: activation.showActivation },
  { method: 'POST', path: '/activar',                  who: 'flow',        limit: '120 per minute per network', act: activation.submitActivation },
  { method: 'GET',  path: '/activar/confirmar',        who: 'flow',        limit: '300 per minute per network', act: activation.showConfirm },
  { method: 'POST', path: '/activar/confirmar',        who: 'flow',        limit: '120 per minute per network', act: activation.submitConfirm },
  { method: 'GET',  path: '/activar/clave',            who: 'flow',        limit: '300 per minute per network', act: activationEnd.showActivationClave },
  { method: 'POST', path: '/activar/clave',            who: 'flow',        limit: '120 per minute per network', act: activationEnd.submitActivationClave },
  { method: 'GET',  path: '/activar/listo',            who: 'flow',        limit: '300 per minute per network', act: activationEnd.showActivated },
  { method: 'GET',  path: '/obtener',                  who: 'flow',        limit: '300 per minute per network', act: unlessStopped('enrolment-stopped', enrolment.showEnrolment) },
  { method: 'POST', path: '/obtener',                  who: 'flow',        limit: '60 per minute per network',  act: unlessStopped('enrolment-stopped', enrolment.submitEnrolment) },
  { method: 'GET',  path: '/obtener/confirmar',        who: 'flow',        limit: '300 per minute per network', act: unlessStopped('enrolment-stopped', enrolment.showEnrolmentConfirm) },
  { method: 'POST', path: '/obtener/confirmar',        who: 'flow',        limit: '120 per minute per network', act: unlessStopped('enrolment-stopped', enrolment.submitEnrolmentConfirm) },
  { method: 'GET',  path: '/obtener/seguir',           who: 'flow',        limit: '120 per minute per network', act: unlessStopped('enrolment-stopped', enrolment.showEnrolmentLink, enrolment.leadsToCase) },
  { method: 'POST', path: '/obtener/seguir',           who: 'flow',        limit: '120 per minute per network', act: unlessStopped('enrolment-stopped', enrolment.submitEnrolmentLink) },
  { method: 'GET',  path: '/obtener/hora',             who: 'flow',        limit: '300 per minute per network', act: unlessStopped('enrolment-stopped', booking.showHours, booking.hasHour) },
  { method: 'POST', path: '/obtener/hora',             who: 'flow',        limit: '120 per minute per network', act: unlessStopped('enrolment-stopped', booking.submitHour, booking.movesHour) },
  { method: 'GET',  path: '/obtener/lista',            who: 'flow',        limit: '600 per minute per network', act: booking.showStanding },
  { method: 'POST', path: '/obtener/lista',            who: 'flow',        limit: '120 per minute per network', act: booking.submitStanding },
  { method: 'GET',  path: '/videollamada/:token',      who: 'flow',        limit: '300 per minute per network', act: showRoom },
  { method: 'POST', path: '/videollamada/:token',      who: 'flow',        limit: '60 per minute per network',  act: submitCode },
  { method: 'GET',  path: '/videollamada/:token/codigo', who: 'flow',      limit: '60 per minute per network',  act: showCode },
  { method: 'GET',  path: '/videollamada/:token/prueba', who: 'flow',      limit: '300 per minute per network', act: showCallTest },
  { method: 'GET',  path: '/api/v1/accounts/app/logout', who: 'session',   limit: '600 per minute per network', act: logOutAsToday },
  { method: 'GET',  path: '/cuenta',                   who: 'account',     limit: '300 per minute per network', act: showOverview },
  { method: 'GET',  path: '/cuenta/datos',             who: 'account',     limit: '300 per minute per network', fresh: true, act: showContact },
  { method: 'POST', path: '/cuenta/datos',             who: 'account',     limit: '60 per minute per network',  fresh: true, act: submitContact },
  { method: 'GET',  path: '/cuenta/datos/confirmar',   who: 'account',     limit: '300 per minute per network', act: showConfirmContact },
  { method: 'POST', path: '/cuenta/datos/confirmar',   who: 'account',     limit: '60 per minute per network',  act: submitConfirmContact },
  { method: 'GET',  path: '/cuenta/clave',             who: 'account',     limit: '300 per minute per network', fresh: true, act: showClave },
  { method: 'POST', path: '/cuenta/clave',             who: 'account',     limit: '120 per minute per network', fresh: true, act: submitClave },
  { method: 'GET',  path: '/cuenta/sesiones',          who: 'account',     limit: '300 per minute per network', act: showPlaces },
  { method: 'POST', path: '/cuenta/sesiones',          who: 'account',     limit: '300 per minute per network', act: forgetPlace },
  { method: 'GET',  path: '/cuenta/sesiones/cerrar',   who: 'account',     limit: '300 per minute per network', fresh: true, act: askEnd },
  { method: 'POST', path: '/cuenta/sesiones/cerrar',   who: 'account',     limit: '300 per minute per network', fresh: true, act: endPlace },
  { method: 'GET',  path: '/cuenta/actividad',         who: 'account',     limit: '300 per minute per network', act: showActivity },
  { method: 'GET',  path: '/cuenta/sitios',            who: 'account',     limit: '300 per minute per network', act: showSites },
  { method: 'POST', path: '/cuenta/sitios',            who: 'account',     limit: '300 per minute per network', act: cutSite },
  { method: 'GET',  path: '/cuenta/descarga',          who: 'account',     limit: '60 per minute per network',  fresh: true, act: showExport },
  { method: 'GET',  path: '/cuenta/descarga.json',     who: 'account',     limit: '60 per minute per network',  fresh: true, act: downloadExport },
  { method: 'GET',  path: '/cuenta/cerrar',            who: 'account',     limit: '300 per minute per network', fresh: true, act: showClosing },
  { method: 'POST', path: '/cuenta/cerrar',            who: 'account',     limit: '60 per minute per network',  fresh: true, act: submitClosing },
  { method: 'GET',  path: '/cuenta/volver',            who: 'door',        limit: '300 per minute per network', act: comeIn },
  { method: 'POST', path: '/cuenta/salir',             who: 'door',        limit: '300 per minute per network', act: goOut },
  { method: 'GET',  path: '/cuenta/salida',            who: 'door',        limit: '300 per minute per network', act: showLeft },
  { method: 'GET',  path: '/cuenta/factores',            who: 'account',                 limit: '300 per minute per network', act: ownFactors.showFactors },
  { method: 'GET',  path: '/cuenta/factores/llave',      who: 'account', fresh: true,    limit: '300 per minute per network', act: ownFactors.showAddPasskey },
  { method: 'POST', path: '/cuenta/factores/llave',      who: 'account', fresh: true,    limit: '60 per minute per network', act: ownFactors.submitPasskey },
  { method: 'GET',  path: '/cuenta/factores/aplicacion', who: 'account', fresh: true,    limit: '300 per minute per network', act: ownFactors.showAddTotp },
  { method: 'POST', path: '/cuenta/factores/aplicacion', who: 'account', fresh: true,    limit: '60 per minute per network', act: ownFactors.submitTotp },
  { method: 'GET',  path: '/cuenta/factores/codigos',    who: 'account', fresh: true,    limit: '300 per minute per network', act: ownFactors.showMakeCodes },
  { method: 'POST', path: '/cuenta/factores/codigos',    who: 'account', fresh: true,    limit: '60 per minute per network', act: ownFactors.makeCodes },
  { method: 'GET',  path: '/cuenta/factores/nombre/:id', who: 'account', fresh: true,    limit: '300 per minute per network', act: ownFactors.showRename },
  { method: 'POST', path: '/cuenta/factores/nombre/:id', who: 'account', fresh: true,    limit: '60 per minute per network', act: ownFactors.submitRename },
  { method: 'GET',  path: '/cuenta/factores/quitar/:id', who: 'account', fresh: true,    limit: '300 per minute per network', act: ownFactors.showRemove },
  { method: 'POST', path: '/cuenta/factores/quitar/:id', who: 'account', fresh: true,    limit: '60 per minute per network', act: ownFactors.submitRemove },
  { method: 'GET',  path: '/emulador',                 who: 'emulator',    limit: '600 per minute per network', act: emulator.showIndex },
  { method: 'GET',  path: '/emulador/personas',        who: 'emulator',    limit: '600 per minute per network', act: emulator.showPeople },
  { method: 'GET',  path: '/emulador/personas.json',   who: 'emulator',    limit: '600 per minute per network', act: emulator.listPeople },
  { method: 'POST', path: '/emulador/personas/codigo', who: 'emulator',    limit: '600 per minute per network', act: emulator.issueCode },
  { method: 'GET',  path: '/emulador/mensajes',        who: 'emulator',    limit: '600 per minute per network', act: showMessages },
  { method: 'GET',  path: '/emulador/mensajes.json',   who: 'emulator',    limit: '600 per minute per network', act: listMessages },
  { method: 'GET',  path: '/emulador/paginas',         who: 'emulator',    limit: '600 per minute per network', act: emulator.showPages },
  { method: 'POST', path: '/emulador/paginas',         who: 'emulator',    limit: '600 per minute per network', act: emulator.leaveExample },
  { method: 'GET',  path: '/emulador/paginas/:name',   who: 'emulator',    limit: '600 per minute per network', act: emulator.showExample },
  { method: 'GET',  path: '/emulador/errores',         who: 'emulator',    limit: '600 per minute per network', act: emulator.showErrors },
  { method: 'GET',  path: '/emulador/reloj',           who: 'emulator',    limit: '600 per minute per network', act: emulator.showClock },
  { method: 'POST', path: '/emulador/reloj',           who: 'emulator',    limit: '600 per minute per network', act: emulator.moveClock },
  { method: 'GET',  path: '/emulador/fallas',          who: 'emulator',    limit: '600 per minute per network', act: showFaults },
  { method: 'POST', path: '/emulador/fallas',          who: 'emulator',    limit: '600 per minute per network', act: setFault },
  { method: 'POST', path: '/emulador/rotar-claves',    who: 'emulator',    limit: '600 per minute per network', act: emulator.rotateKeys },
  { method: 'GET',  path: '/emulador/ciba',            who: 'conformance', limit: '600 per minute per network', act: showApproval },
  { method: 'POST', path: '/emulador/ciba',            who: 'conformance', limit: '600 per minute per network', act: submitApproval },
  { method: 'GET',  path: '/emulador/recurso',         who: 'conformance', limit: '600 per minute per network', act: showResource },
];
