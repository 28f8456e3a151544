import { attemptPage, attemptsPage } from '#views/pages/console/attempts.ts';
import createError from 'http-errors';
import { siteAttempts } from '../../flows/site-attempts.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { mine } from './clients.ts';
import { shellOf } from './shell.ts';

/** The integration doctor: what a site tried lately, or one of its attempts step by step. */
export async function showAttempts(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const client = await mine(visit, parts);
  const [attempts, wanted] = [await siteAttempts(parts, client.id), visit.query.get('intento')];
  const about = { shell: shellOf(visit, parts), client };
  if (wanted === null) return { status: 200, page: attemptsPage(visit.frame, { ...about, attempts }) };
  const attempt = attempts.find(({ id }) => id === wanted);
  if (!attempt) throw createError(404);
  return { status: 200, page: attemptPage(visit.frame, { ...about, attempt }) };
}
