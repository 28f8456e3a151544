import { z } from 'zod';
import type { Way } from '#views/parts/way.ts';
import { asUnavailable } from '../domain/fault.ts';
import type { Origin } from '../domain/journey.ts';
import type { Passer } from '../flows/passing.ts';
import { startAgain } from '../flows/start-again.ts';
import type { Parts } from '../parts.ts';
import { readForm } from './kit/form.ts';
import type { Act, FlowVisit, Reply, Visit } from './kit/row.ts';
import { messagePage } from '#views/pages/message.ts';

/** What flows want to know of who passes. */
export const passerOf = ({ device, deviceName, network, source, requestId, frame }: FlowVisit): Passer => ({
  ...{ device, deviceName, network, source, requestId },
  lang: frame.lang,
});

/** Back to where she was: the interaction she left, or the same request again. */
export async function wayBackOf(
  { frame }: Pick<FlowVisit, 'frame'>,
  { clients }: Pick<Parts, 'clients'>,
  origin: Origin | undefined,
): Promise<Way | undefined> {
  const client = origin && (await clients.byId(origin.clientId));
  if (!client || client.state === 'suspended') return undefined;
  const href = `/ingresar/${encodeURIComponent(origin.uid)}/volver?rp=${encodeURIComponent(origin.clientId)}`;
  return { href, label: frame.words.ways.backTo(client.name) };
}

export const to = (path: string): Reply => ({ status: 303, to: path });

type Expired = { readonly kind: 'recovery' | 'activation'; readonly start: string };

/** A step where she is no more, because it is over, loaded or sent: the first one says why, with what is not secret. */
export async function expired(visit: FlowVisit, parts: Parts, { kind, start }: Expired): Promise<Reply> {
  const id = visit.journey(kind);
  if (id === undefined) return to(start);
  const again = await startAgain(parts, { kind, id });
  if (again.kind === 'anew') visit.keepJourney(kind, again.id);
  return to(again.kind === 'done' ? start : `${start}?vencido`);
}

/** Somebody has gone on in another tab, or too much time has passed. */
export const gone = ({ frame }: FlowVisit, href: string): Reply => ({
  status: 410,
  page: messagePage(frame, { kind: 'stale', to: { href, label: frame.words.ways.retry } }),
});

/**
 * The form came twice, and the first was taken: on a slow line people press again, and the browser shows the second answer
 * alone. Not a redirect: of two that differ only one was taken, and she is told so.
 */
export const finished = (
  { frame }: Pick<Visit, 'frame'>,
  { href, status }: { readonly href: string; readonly status: 410 | 422 },
): Reply => ({ status, page: messagePage(frame, { kind: 'finished', to: { href, label: frame.words.ways.on } }) });

export const claveFields = {
  password: z.string().max(4096).default(''),
  password2: z.string().max(4096).default(''),
  /** «Comprobar»: `1` from the button, `datos` from the script. */
  comprobar: z.enum(['1', 'datos']).optional(),
};

/** «Comprobar» by the script, which wants no page. */
export const isScripts = ({ body }: Pick<Visit, 'body'>): boolean => readForm(body, claveFields).comprobar === 'datos';

/** Whole seconds until then. */
export const secondsTo = (until: number, { clock }: Pick<Parts, 'clock'>): number =>
  Math.max(1, Math.ceil((until - clock()) / 1000));

/** When the machine has too much to do the form comes back as it was, and nothing was lost. */
export const orBusy =
  <V extends Visit>(act: Act<V>, busy: Act<V>): Act<V> =>
  async (visit, parts) => {
    try {
      return await act(visit, parts);
    } catch (error) {
      const away = asUnavailable(error);
      // A store that is away answers as everywhere.
      if (!away || away.part === 'store') throw error;
      parts.log.warn({ requestId: visit.requestId, part: away.part }, 'a new ClaveÚnica turned away');
      const reply = await busy(visit, parts);
      return 'page' in reply ? { ...reply, status: 503, retryAfter: away.retryAfter } : reply;
    }
  };
