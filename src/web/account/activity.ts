import { z } from 'zod';
import { activityPage } from '#views/pages/account/activity.ts';
import { PERIODS } from '../../domain/activity.ts';
import { activity } from '../../flows/activity.ts';
import type { Act, AccountVisit } from '../kit/row.ts';
import { shellOf } from './overview.ts';

/** Addresses are typed and shared: what is not understood is as if it were not there. */
const asked = z.object({
  sitio: z
    .string()
    .max(200)
    .refine((id) => !id.includes('\0'))
    .catch(''),
  periodo: z.coerce
    .number()
    .transform((days) => PERIODS.find((period) => period === days) ?? 30)
    .catch(30),
  pagina: z.coerce.number().int().min(1).max(10_000).catch(1),
});

export const showActivity: Act<AccountVisit> = async (visit, parts) => {
  const { sitio, periodo: period, pagina: page } = asked.parse(Object.fromEntries(visit.query));
  const site = sitio === '' ? undefined : sitio === 'cambios' ? 'account' : { id: sitio };
  const found = await activity(parts, { accountId: visit.account.id, site, period, page });
  return {
    status: 200,
    page: activityPage(visit.frame, { shell: shellOf(visit, parts), ...found, site: sitio, period, page }),
  };
};
