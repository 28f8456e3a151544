import { z } from 'zod';
import { endPlacePage, placesPage, type Places } from '#views/pages/account/places.ts';
import { endSessions, forgetDevice, places } from '../../flows/sessions.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Act, AccountVisit, Reply } from '../kit/row.ts';
import { shellOf } from './overview.ts';

const DONE = { una: 'ended', otras: 'endedOthers', equipo: 'forgotten' } as const;
/** In forms and addresses: all but the own one. */
const OTHERS = 'otras';

const found = ({ account, session }: AccountVisit, parts: Parts) =>
  places(parts, { accountId: account.id, run: account.person.run, uid: session.uid });

export const showPlaces: Act<AccountVisit> = async (visit, parts) => {
  const { sessions, devices: known } = await found(visit, parts);
  const own = parts.devices.refOf(visit.device);
  const devices = known.map((device) => ({ ...device, here: device.ref === own }));
  const done = z.enum(['una', 'otras', 'equipo']).safeParse(visit.query.get('hecho')).data;
  const shown: Places = { shell: shellOf(visit, parts), sessions, devices, done: done && DONE[done] };
  return { status: 200, page: placesPage(visit.frame, shown) };
};

export const forgetPlace: Act<AccountVisit> = async (visit, parts) => {
  const { olvidar: ref } = readForm(visit.body, { olvidar: z.string().max(64) });
  const { account, network, requestId } = visit;
  await forgetDevice(parts, { accountId: account.id, run: account.person.run, ref, network, requestId });
  return { status: 303, to: '/cuenta/sesiones?hecho=equipo' };
};

const askPage = async (visit: AccountVisit, parts: Parts, ref: string): Promise<Reply> => {
  const { sessions } = await found(visit, parts);
  const named = sessions.find((one) => one.ref === ref && one.uid !== visit.session.uid) ?? 'gone';
  const session = ref === OTHERS ? undefined : named;
  return {
    status: session === 'gone' ? 404 : 200,
    page: endPlacePage(visit.frame, { shell: shellOf(visit, parts), session }),
  };
};

/** Ending asks for one factor, and then once more whether it is meant. */
export const askEnd: Act<AccountVisit> = (visit, parts) => askPage(visit, parts, visit.query.get('sesion') ?? '');

export const endPlace: Act<AccountVisit> = async (visit, parts) => {
  const { sesion } = readForm(visit.body, { sesion: z.string().max(64) });
  const { account, session, links, network, requestId } = visit;
  const own = parts.sessions.refOf(session.uid);
  if (sesion === own) return askPage(visit, parts, sesion);
  const which = sesion === OTHERS ? { but: session.uid } : { ref: sesion };
  const ended = await endSessions(parts, { accountId: account.id, links, which, network, requestId });
  if (ended === 0 && sesion !== OTHERS) return askPage(visit, parts, sesion);
  return { status: 303, to: `/cuenta/sesiones?hecho=${sesion === OTHERS ? 'otras' : 'una'}` };
};
