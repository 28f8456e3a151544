import { notMePage } from '#views/pages/not-me.ts';
import { wasIn } from '../domain/notice.ts';
import { denyNotice, lookAtNotice, type NotMe } from '../flows/not-me.ts';
import { readForm } from './kit/form.ts';
import type { Act, LinkVisit, Reply } from './kit/row.ts';

const answer = (outcome: NotMe, { frame, path, csrf, config }: LinkVisit): Reply => {
  const phone = config.helpPhone;
  switch (outcome.kind) {
    case 'told':
    case 'denied': {
      const { event, at, asker, change } = outcome.notice;
      return {
        status: 200,
        page: notMePage(frame, {
          ...{ kind: outcome.kind, event, wasIn: wasIn(event), asked: { ...asker, at }, change },
          ...{ open: outcome.kind === 'denied' ? outcome.open : [], action: path, csrf, phone },
        }),
      };
    }
    case 'unknown':
      return { status: 410, page: notMePage(frame, { kind: 'unknown', phone }) };
  }
};

export const showNotMe: Act<LinkVisit> = async (visit, parts) => answer(await lookAtNotice(parts, visit.token), visit);

export const submitNotMe: Act<LinkVisit> = async (visit, parts) => {
  readForm(visit.body, {});
  const { token, links, network, requestId } = visit;
  return answer(await denyNotice(parts, { token, links, network, requestId }), visit);
};
