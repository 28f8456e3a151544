import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { staffBrowser } from '../support/console.ts';
import { serve } from '../support/serve.ts';

const OFFICER = parseRun('7.654.321-6')!;
const CHIEF = parseRun('9.876.543-3')!;
const OTHER = parseRun('12.345.678-5')!;

const app = await serve();
test.after.always(() => app.close());

test.serial(
  'R-100: an alert waits until one has looked at it, once, and she is recorded; an auditor only reads',
  async (t) => {
    const officer = await staffBrowser(app, OFFICER);
    t.is((await officer.get('/alertas')).status, 403);
    const at = app.parts.clock();
    const id = await app.parts.alerts.add({
      ...{ kind: 'staff-look-ups', key: officer.accountId, at, actorId: officer.accountId, details: {} },
    });
    const auditor = await staffBrowser(app, OTHER, { roles: ['auditor'] });
    const read = await auditor.get('/alertas');
    t.regex(read.text, /Demasiadas consultas[^]*Rosa Elena Muñoz Tapia/);
    t.notRegex(read.text, /action="\/alertas/);
    const chief = await staffBrowser(app, CHIEF);
    const csrf = /name="csrf" value="([^"]+)"/.exec((await chief.get('/alertas')).text)?.[1] ?? '';
    t.is((await chief.post(`/alertas/${String(id)}`, { csrf })).status, 303);
    t.is((await chief.post(`/alertas/${String(id)}`, { csrf })).status, 410, 'once');
    t.is((await chief.post('/alertas/999', { csrf })).status, 410);
    t.regex((await chief.get('/alertas')).text, /No hay nada por revisar/);
    t.regex((await chief.get('/alertas?todas=si')).text, /Lo revisó Jorge/);
    const [event] = await app.parts.audit.find({
      ...{ kind: 'alert-acknowledged', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 1 },
    });
    t.is(event?.actorId, chief.accountId);
  },
);
