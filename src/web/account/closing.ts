import { z } from 'zod';
import { closingPage } from '#views/pages/account/closing.ts';
import type { Person } from '../../domain/account.ts';
import { confirmedAddresses } from '../../domain/notice.ts';
import { blockAccount, closeAccount } from '../../flows/close-account.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Act, AccountVisit } from '../kit/row.ts';
import { shellOf } from './overview.ts';
import { ownerOf } from './owner.ts';

const shownTo = (visit: AccountVisit, parts: Parts) => ({
  shell: shellOf(visit, parts),
  mailed: hasMail(visit.account.person),
});
/** Recovery sends a code to her mailbox: without one it opens nothing. */
const hasMail = (person: Person) => confirmedAddresses(person).length > 0;

export const showClosing: Act<AccountVisit> = async (visit, parts) => ({
  status: 200,
  page: closingPage(visit.frame, shownTo(visit, parts)),
});

export const submitClosing: Act<AccountVisit> = async (visit, parts) => {
  const { accion, entiendo } = readForm(visit.body, {
    accion: z.enum(['bloquear', 'cerrar']),
    entiendo: z.string().max(8).optional(),
  });
  if (accion === 'cerrar' && entiendo === undefined)
    return { status: 422, page: closingPage(visit.frame, { ...shownTo(visit, parts), unsure: true }) };
  await (accion === 'bloquear' ? blockAccount : closeAccount)(parts, ownerOf(visit));
  await visit.forget();
  const blocked = hasMail(visit.account.person) ? 'bloqueada' : 'bloqueada-sin-correo';
  return { status: 303, to: `/cuenta/salida?cuenta=${accion === 'bloquear' ? blocked : 'cerrada'}` };
};
