import { z } from 'zod';
import { sitesPage } from '#views/pages/account/sites.ts';
import { disconnectSite, sites } from '../../flows/sites.ts';
import { readForm } from '../kit/form.ts';
import type { Act, AccountVisit } from '../kit/row.ts';
import { rpOf } from '../requester.ts';
import { shellOf } from './overview.ts';

export const showSites: Act<AccountVisit> = async (visit, parts) => {
  const { account, links, query, frame } = visit;
  const { now, before } = await sites(parts, { accountId: account.id, links });
  return {
    status: 200,
    page: sitesPage(frame, {
      shell: shellOf(visit, parts),
      now: now.map(({ client, data, lastAt }) => {
        const { name, host } = rpOf(client);
        return { id: client.id, name, host, data, lastAt };
      }),
      before,
      done: query.has('hecho'),
    }),
  };
};

export const cutSite: Act<AccountVisit> = async (visit, parts) => {
  const { sitio: clientId } = readForm(visit.body, { sitio: z.string().max(200) });
  const { account, links, network, requestId } = visit;
  await disconnectSite(parts, { accountId: account.id, links, clientId, network, requestId });
  return { status: 303, to: '/cuenta/sitios?hecho=1' };
};
