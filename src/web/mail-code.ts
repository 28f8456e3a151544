import { z } from 'zod';
import { mailCodePage } from '#views/pages/mail-code.ts';
import { enterMailCode } from '../flows/mail-code.ts';
import { askForChange } from './forced-change.ts';
import { readForm } from './kit/form.ts';
import { signInWent } from './kit/metered.ts';
import type { Act, InteractionVisit, Reply } from './kit/row.ts';
import { askerOf, finishLogin, rpOf, subPage, unlessFinished } from './requester.ts';
import { askForFactor } from './second-factor.ts';

type Shown = { readonly shared: boolean; readonly wrong?: boolean };

const page = (visit: InteractionVisit, shown: Shown) =>
  mailCodePage(visit.frame, {
    action: subPage(visit, 'paso'),
    csrf: visit.csrf,
    rp: rpOf(visit.client),
    again: visit.here,
    ...shown,
  });

/** The same for everyone, whether a code was sent or not. */
export const showMailCode: Act<InteractionVisit> = async (visit) => ({
  status: 200,
  page: page(visit, { shared: visit.query.has('compartido') }),
});

export const submitMailCode: Act<InteractionVisit> = async (visit, parts): Promise<Reply> => {
  const { codigo, compartido } = readForm(visit.body, {
    codigo: z.string().max(256).default(''),
    compartido: z.string().max(8).optional(),
  });
  const shared = compartido !== undefined;
  const outcome = await enterMailCode(parts, { ...askerOf(visit, shared), typed: codigo });
  signInWent(parts, 'mail-code', outcome.kind);
  switch (outcome.kind) {
    case 'signed-in':
      return finishLogin(visit, outcome, shared);
    case 'factor':
      return askForFactor(visit, parts, { accountId: outcome.accountId, shared });
    case 'change':
      return askForChange(visit, parts, { ...outcome, shared });
    case 'refused':
      return unlessFinished(visit, ['pending', 'change'], () => ({
        status: 422,
        page: page(visit, { shared, wrong: true }),
      }));
  }
};
