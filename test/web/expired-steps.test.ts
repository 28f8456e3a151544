import test from 'ava';
import { STAGE, type ActivationStage, type JourneyKind, type RecoveryStage } from '../../src/domain/journey.ts';
import { parseRun } from '../../src/domain/run.ts';
import { askFor } from '../support/flow.ts';
import { MARIA, MUNICIPIO } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { serve, theClock } from '../support/serve.ts';

const run = parseRun(MARIA.run)!;
const origin = { uid: 'a-uid', clientId: MUNICIPIO.id };
const NOTE = /<p class="note" role="status">Este paso venció/;
const value = (text: string) => /<input[^>]*name="run"[^>]*>/.exec(text)?.[0].match(/value="([^"]*)"/)?.[1] ?? '';

const travel = (ms: number) => {
  const time = theClock();
  time.set(time.ahead() + ms / 1000);
};

for (const [name, start] of Object.entries({ memory: () => serveMemory(), Postgres: () => serve() })) {
  test.serial(
    `${name}: a step that is over, loaded again, says so at the first one, and keeps RUN and site`,
    async (t) => {
      const house = await start();
      t.teardown(house.close);
      const { journeys, accounts, clock } = house.parts;
      const accountId = (await accounts.forLogin(run))!.account.id;
      /** A browser in the middle of it, whose time is over. */
      const over = async (kind: JourneyKind, state: RecoveryStage | ActivationStage, ago = 1) => {
        const user = house.visitor();
        const id = await journeys.begin({ kind, state, until: clock() - ago });
        await user.jar.setCookie(`cu_${kind}=${id}; Path=/`, house.origin);
        return { user, id };
      };
      const stageOf = async ({ user }: Awaited<ReturnType<typeof over>>, kind: 'recovery' | 'activation') => {
        const id = (await user.jar.getCookies(house.origin)).find(({ key }) => key === `cu_${kind}`)?.value ?? '';
        return (await journeys.find({ kind, id, now: clock() }))?.state;
      };
      const known = { origin, run, accountId };
      const claimed = { ...known, claimant: 'c', shared: false, channel: 'email' } as const;
      for (const [path, state] of [
        ['/recuperar/codigo', { at: 'code', origin, run }],
        ['/recuperar/factor', { at: 'factor', ...known }],
        ['/recuperar/clave', { at: 'clave', ...known, factor: true }],
        ['/activar/confirmar', { at: 'confirm', ...claimed }],
        ['/activar/clave', { at: 'clave', ...claimed }],
      ] as const) {
        const kind = path.startsWith('/recuperar') ? 'recovery' : 'activation';
        const first = kind === 'recovery' ? '/recuperar' : '/activar';
        const one = await over(kind, state);
        const { status, location } = await one.user.get(path);
        t.deepEqual([status, location], [303, `${first}?vencido`], path);
        const page = await one.user.get(location);
        t.is(page.status, 200);
        t.regex(page.text, NOTE, path);
        t.is(value(page.text), '11.111.111-1', path);
        t.deepEqual(await stageOf(one, kind), { at: 'start', origin, run }, `${path}: nothing that was proved`);
        t.is(await journeys.find({ kind, id: one.id, now: 0 }), undefined, 'the old one is deleted');
        t.notRegex((await one.user.get(first)).text, NOTE);
      }

      // Its form, sent when it is over, leads there as well.
      for (const [path, state, form] of [
        ['/recuperar/codigo', { at: 'code', origin, run }, { run: MARIA.run, codigo: '7K2M9QXT' }],
        ['/recuperar/factor', { at: 'factor', ...known }, { codigo: '123456' }],
        ['/recuperar/clave', { at: 'clave', ...known, factor: true }, { password: 'x', password2: 'x' }],
        ['/recuperar/clave', { at: 'clave', ...known, factor: true }, { password: 'x', comprobar: '1' }],
        ['/activar/confirmar', { at: 'confirm', ...claimed }, { confirmacion: '7K2M9QXT' }],
        ['/activar/confirmar', { at: 'confirm', ...claimed }, { canal: 'sms' }],
        ['/activar/clave', { at: 'clave', ...claimed }, { password: 'x', password2: 'x' }],
      ] as const) {
        const kind = path.startsWith('/recuperar') ? 'recovery' : 'activation';
        const first = kind === 'recovery' ? '/recuperar' : '/activar';
        const one = await over(kind, state);
        const csrf = /name="csrf" value="([^"]+)"/.exec((await one.user.get(`${first}?nuevo`)).text)?.[1] ?? '';
        if (path.endsWith('/clave')) {
          const asked = await one.user.post(path, { csrf, password: 'x', comprobar: 'datos' });
          t.is(asked.status, 410, 'the script is told that there is no answer, and nothing begins');
        }
        const { status, location } = await one.user.post(path, { csrf, ...form });
        t.deepEqual([status, location], [303, `${first}?vencido`], path);
        const page = await one.user.get(location);
        t.regex(page.text, NOTE, path);
        t.is(value(page.text), '11.111.111-1', path);
        t.deepEqual(await stageOf(one, kind), { at: 'start', origin, run }, `${path}: nothing that was proved`);
      }
      const anew = await over('recovery', { at: 'code', origin, run });
      t.is((await anew.user.submit('/recuperar', { run: MARIA.run })).location, '/recuperar/codigo');
      t.deepEqual(
        await stageOf(anew, 'recovery'),
        { at: 'code', origin, run },
        'who asks anew goes where she was going',
      );

      const others = await over('activation', { at: 'clave', ...claimed, shared: true });
      const shared = await others.user.get((await others.user.get('/activar/clave')).location);
      t.regex(shared.text, NOTE);
      t.is(value(shared.text), '', 'no RUN on a computer of others');

      const late = await over('recovery', { at: 'code', origin, run }, STAGE.lapsed);
      const nothing = await late.user.get((await late.user.get('/recuperar/codigo')).location);
      t.regex(nothing.text, NOTE);
      t.is(value(nothing.text), '', 'by then it may be swept away');

      for (const state of [
        { at: 'codes', ...known, left: 1, codes: ['7K2M9QXT'] },
        { at: 'done', origin },
      ] as const) {
        const { user } = await over('recovery', state);
        t.is((await user.get('/recuperar/clave')).location, '/recuperar', `${state.at}: she need not begin again`);
      }
      t.is((await house.visitor().get('/recuperar/clave')).location, '/recuperar', 'who has not begun');
    },
  );

  test.serial(
    `${name}: an hour after she asked for a code she is told at her page, and asks again at once`,
    async (t) => {
      const house = await start();
      t.teardown(house.close);
      const ahead = theClock().ahead();
      t.teardown(() => theClock().set(ahead));
      const user = house.visitor();
      await askFor(user, MARIA.run);
      travel(STAGE.code + 1000);
      const { location } = await user.get('/recuperar/codigo');
      t.is(location, '/recuperar?vencido');
      t.is(
        (await user.submit(location, { run: value((await user.get(location)).text) })).location,
        '/recuperar/codigo',
      );
      t.is((await user.get('/recuperar/codigo')).status, 200);
    },
  );
}
