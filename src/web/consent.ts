import { z } from 'zod';
import { consentPage } from '#views/pages/consent.ts';
import { readForm } from './kit/form.ts';
import type { Act, InteractionVisit } from './kit/row.ts';
import { cancel, dataOf, rpOf } from './requester.ts';

/** Shown where the institution wants to hear it (`prompt=consent`). */
export const showConsent: Act<InteractionVisit> = async (visit) => ({
  status: 200,
  page: consentPage(visit.frame, {
    action: visit.here.replace('?', '/autorizar?'),
    cancelAction: visit.here.replace('?', '/autorizar?'),
    csrf: visit.csrf,
    rp: rpOf(visit.client),
    data: dataOf(visit),
    offline: String(visit.asked['scope']).split(' ').includes('offline_access'),
  }),
});

export const submitConsent: Act<InteractionVisit> = async (visit, parts) => {
  const form = readForm(visit.body, { cancelar: z.string().max(64).optional() });
  if (form.cancelar !== undefined) return cancel(visit, parts);
  return { status: 303, to: await visit.finish({ consent: {} }) };
};
