import { secondCodePage, type SecondCode } from '#views/pages/console/second-code.ts';
import { slipPage } from '#views/pages/console/slip.ts';
import { z } from 'zod';
import { parseRun } from '../../domain/run.ts';
import { printSecondCode } from '../../flows/second-code.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import { shownOnce } from '../kit/frame.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { shellOf } from './shell.ts';

type Shown = Omit<SecondCode, 'shell'> & { readonly status: 200 | 403 | 422 | 429 };

const page = (visit: StaffVisit, parts: Parts, { status, ...shown }: Shown): Reply => ({
  status,
  page: secondCodePage(visit.frame, { shell: shellOf(visit, parts), ...shown }),
});

/** Who has neither mail nor telephone: another officer reads the RUN off her card. */
export const showSecondCode = async (visit: StaffVisit, parts: Parts): Promise<Reply> =>
  page(visit, parts, { status: 200, run: '' });

/** The answer to a form, once, as with the first slip. */
export async function submitSecondCode(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const typed = readForm(visit.body, { run: z.string().max(64).default('') });
  const run = parseRun(typed.run);
  if (!run) return page(visit, parts, { status: 422, ...typed, problem: 'malformed' });
  const outcome = await printSecondCode(parts, visit.actor, { run, sms: parts.texting });
  switch (outcome.kind) {
    case 'printed': {
      const { kind: _kind, ...slip } = outcome;
      const address = `${visit.config.publicOrigin}/activar`;
      return {
        status: 200,
        page: slipPage(shownOnce(visit.frame), { ...slip, address, qr: undefined, which: 'second' }),
      };
    }
    case 'none':
      return page(visit, parts, { status: 422, ...typed, problem: 'none' });
    case 'too-many':
      return page(visit, parts, { status: 429, ...typed, problem: 'tooMany' });
    case 'denied':
      return page(visit, parts, { status: 403, ...typed, problem: outcome.lacks === 'other' ? 'own' : outcome.lacks });
  }
}
