import { readFile, writeFile } from 'node:fs/promises';
import test from 'ava';
import { variables } from '../src/config.ts';
import { routes } from '../src/web/routes.ts';

/** `UPDATE_GENERATED=1 node test/run.ts test/generated.test.ts` writes what is generated; without, it must be so already. */
const update = process.env['UPDATE_GENERATED'] === '1';
const file = (name: string) => new URL(`../${name}`, import.meta.url);
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

test('the README’s table of variables is that of config.ts', async (t) => {
  const rows = variables().map(({ name, fallback, meaning }) => [
    `\`${name}\``,
    fallback === '' ? '' : `\`${fallback}\``,
    meaning,
  ]);
  const want = `<!-- configuration -->\n\n${table(['Variable', 'Default', 'Meaning'], rows)}\n\n<!-- /configuration -->`;
  const text = await readFile(file('README.md'), 'utf8');
  const now = text.replace(/<!-- configuration -->[^]*<!-- \/configuration -->/, () => want);
  if (update) await writeFile(file('README.md'), now);
  else t.is(text, now);
  t.true(rows.length > 10);
});

test('docs/routes.md is the route table', async (t) => {
  const rows = routes.map(({ method, path, who, limit, ...rest }) => [
    method,
    `\`${path}\``,
    'prompt' in rest ? `${who}, at ${rest.prompt}` : who,
    limit,
  ]);
  const text = `# Every page of ours\n\nGenerated from \`src/web/routes.ts\`. The protocol's own paths are under \`/openid\`, from discovery; \`/healthz\` and \`/readyz\` stand before all.\n\n${table(['Method', 'Path', 'Who', 'How often'], rows)}\n`;
  if (update) await writeFile(file('docs/routes.md'), text);
  else t.is(await readFile(file('docs/routes.md'), 'utf8'), text);
  t.true(rows.length > 10);
});
