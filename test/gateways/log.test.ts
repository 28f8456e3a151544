import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';

const PROGRAM = `
  import { createLog } from ${JSON.stringify(new URL('../../src/gateways/log.ts', import.meta.url).href)};
  const log = createLog({ logLevel: 'info' });
  process.stdin.once('data', async () => {
    for (let line = 1; line <= 3; line++) log.info({ line }, 'a line');
    await log.written();
    process.exit(7);
  });
  console.log('ready');
`;

async function program() {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], { stdio: 'pipe' });
  await once(child.stdout, 'data');
  return child;
}

test('R-98: who leaves writes its last lines out', async (t) => {
  const child = await program();
  const said = child.stderr.toArray();
  child.stdin.write('leave');
  t.deepEqual(await once(child, 'exit'), [7, null]);
  const lines = Buffer.concat((await said) as Buffer[])
    .toString()
    .trim()
    .split('\n');
  t.deepEqual(
    lines.map((text) => (JSON.parse(text) as { line: number }).line),
    [1, 2, 3],
  );
});

test('R-98: who leaves does so though nobody reads its log any more', async (t) => {
  const child = await program();
  t.teardown(() => child.kill('SIGKILL'));
  child.stderr.destroy();
  child.stdin.write('leave');
  t.deepEqual(await once(child, 'exit'), [7, null]);
});
