import { z } from 'zod';
import { closingPage } from '#views/pages/account/closing.ts';
import { blockAccount, closeAccount } from '../../flows/close-account.ts';
import { readForm } from '../kit/form.ts';
import type { Act, AccountVisit } from '../kit/row.ts';
import { shellOf } from './overview.ts';
import { ownerOf } from './owner.ts';

export const showClosing: Act<AccountVisit> = async (visit, parts) => ({
  status: 200,
  page: closingPage(visit.frame, { shell: shellOf(visit, parts) }),
});

export const submitClosing: Act<AccountVisit> = async (visit, parts) => {
  const { accion, entiendo } = readForm(visit.body, {
    accion: z.enum(['bloquear', 'cerrar']),
    entiendo: z.string().max(8).optional(),
  });
  if (accion === 'cerrar' && entiendo === undefined)
    return { status: 422, page: closingPage(visit.frame, { shell: shellOf(visit, parts), unsure: true }) };
  await (accion === 'bloquear' ? blockAccount : closeAccount)(parts, ownerOf(visit));
  await visit.forget();
  return { status: 303, to: `/cuenta/salida?cuenta=${accion === 'bloquear' ? 'bloqueada' : 'cerrada'}` };
};
