import createError from 'http-errors';
import { z } from 'zod';
import { confirmContactPage, contactPage, FIELDS, type ContactShown } from '#views/pages/account/contact.ts';
import { CONTACTS, currentContact, type Contact } from '../../domain/contact-change.ts';
import { askContact, confirmContact, removeContact } from '../../flows/contact.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Act, AccountVisit, Reply } from '../kit/row.ts';
import { shellOf } from './overview.ts';
import { ownerOf } from './owner.ts';

const DONE = { cambio: 'done', quitado: 'removed' } as const;

function page(visit: AccountVisit, parts: Parts, more: Pick<ContactShown, 'done' | 'problem'>) {
  const { person } = visit.account;
  const current = {
    email: currentContact('email', person),
    'other-email': currentContact('other-email', person),
    phone: currentContact('phone', person),
  };
  return contactPage(visit.frame, { shell: shellOf(visit, parts), current, ...more });
}

export const showContact: Act<AccountVisit> = async (visit, parts) => {
  const done = z.enum(['cambio', 'quitado']).safeParse(visit.query.get('hecho')).data;
  return { status: 200, page: page(visit, parts, { done: done && DONE[done] }) };
};

const text = z.string().max(320).optional();
const named = (field: string | undefined): Contact | undefined => CONTACTS.find((what) => FIELDS[what] === field);

/** One thing at a time, and nothing but these: no form says what is confirmed. */
export const submitContact: Act<AccountVisit> = async (visit, parts): Promise<Reply> => {
  const form = readForm(visit.body, { email: text, otro: text, telefono: text, quitar: z.string().max(20).optional() });
  const owner = ownerOf(visit);
  if (form.quitar !== undefined) {
    const gone = named(form.quitar);
    if (gone === undefined || !(await removeContact(parts, owner, gone))) throw createError(400);
    return { status: 303, to: '/cuenta/datos?hecho=quitado' };
  }
  const given = CONTACTS.filter((what) => form[FIELDS[what]] !== undefined);
  const [what] = given;
  if (what === undefined || given.length > 1) throw createError(400);
  const typed = form[FIELDS[what]] ?? '';
  const outcome = await askContact(parts, owner, { what, typed });
  switch (outcome.kind) {
    case 'refused': {
      const status = outcome.reason === 'too-many' ? 429 : 422;
      const problem = { what, reason: outcome.reason, typed };
      return { status, ...(status === 429 && { retryAfter: 3600 }), page: page(visit, parts, { problem }) };
    }
    case 'asked':
      await visit.remember({ change: outcome.change });
      return { status: 303, to: '/cuenta/datos/confirmar' };
  }
};

const confirmPage = (visit: AccountVisit, parts: Parts, wrong: boolean): Reply => {
  const { change } = visit.session;
  if (!change) return { status: 303, to: '/cuenta/datos' };
  const { what, value } = change;
  const shown = { shell: shellOf(visit, parts), what, value, wrong };
  return { status: wrong ? 422 : 200, page: confirmContactPage(visit.frame, shown) };
};

export const showConfirmContact: Act<AccountVisit> = async (visit, parts) => confirmPage(visit, parts, false);

export const submitConfirmContact: Act<AccountVisit> = async (visit, parts) => {
  const { confirmacion } = readForm(visit.body, { confirmacion: z.string().max(256).default('') });
  const { change } = visit.session;
  if (!change) return { status: 303, to: '/cuenta/datos' };
  if (!(await confirmContact(parts, ownerOf(visit), { change, typed: confirmacion }))) {
    // Pressed twice: the first has used the code up.
    const now = await parts.accounts.byId(visit.account.id);
    const isThere = now && currentContact(change.what, now.person) === change.value;
    return isThere ? { status: 303, to: '/cuenta/datos?hecho=cambio' } : confirmPage(visit, parts, true);
  }
  await visit.remember({ change: undefined });
  return { status: 303, to: '/cuenta/datos?hecho=cambio' };
};
