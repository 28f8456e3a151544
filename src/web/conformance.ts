import createError from 'http-errors';
import { z } from 'zod';
import { approvalPage, approvedPage } from '#views/pages/elsewhere.ts';
import { uuid } from '../domain/uuid.ts';
import type { Act, ProtocolVisit } from './kit/row.ts';

const ID = z.string().min(1).max(256);
const answer = z.looseObject({ auth_req_id: ID, action: z.enum(['allow', 'deny']) });
const PATH = '/emulador/ciba';

/** In the place of a telephone: says yes or no to what a site asked by the back channel (CIBA). */
export const showApproval: Act<ProtocolVisit> = async ({ frame, query }) => {
  const id = ID.safeParse(query.get('auth_req_id'));
  if (!id.success) throw createError(404);
  return { status: 200, page: approvalPage(frame, { action: PATH, id: id.data }) };
};

/** A form, or the same two fields in the address. */
export const submitApproval: Act<ProtocolVisit> = async ({ frame, query, body, protocol }) => {
  const said = answer.safeParse({ ...Object.fromEntries(query), ...(body as object) });
  if (!said.success) throw createError(400);
  const allow = said.data.action === 'allow';
  if ((await protocol.decide({ id: said.data.auth_req_id, allow })) === 'unknown') throw createError(404);
  return { status: 200, page: approvedPage(frame, allow) };
};

const INTERACTION = 'x-fapi-interaction-id';

/** A protected resource: shows that a token is good, and bound to who shows it; echoes the call's id (FAPI). */
export const showResource: Act<ProtocolVisit> = async ({ config, path, header, protocol }, { chance }) => {
  const here = config.mtls && header('host') === new URL(config.mtls.origin).host ? config.mtls.origin : config.origin;
  const access = await protocol.access(`${here}${path}`);
  const headers = { [INTERACTION]: header(INTERACTION) || uuid(chance(16)) };
  switch (access.kind) {
    case 'granted':
      return { status: 200, json: { client_id: access.clientId, scope: access.scope }, headers };
    case 'refused':
      return {
        status: 401,
        json: { error: 'invalid_token' },
        headers: { ...headers, 'www-authenticate': `${access.scheme} error="invalid_token"` },
      };
  }
};
