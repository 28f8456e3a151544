import test from 'ava';
import { importsOf, sources, type Sources } from './support/imports.ts';

type Rule = {
  readonly values?: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
};

const VIEWS = ['htm/preact', 'preact', 'preact-render-to-string'];

/** Who may use whom. `types` are layers of which only the types may cross; packages are named or absent. */
const LAYERS: Record<string, Rule> = {
  domain: { values: ['domain'] },
  stores: {
    values: ['domain'],
    types: ['config'],
    packages: [
      'ioredis',
      'knex',
      'pg',
      'node:child_process',
      'node:crypto',
      'node:fs',
      'node:fs/promises',
      'node:module',
      'node:net',
      'node:path',
      'node:process',
      'node:readline',
      'node:timers/promises',
      'node:url',
      'node:util',
    ],
  },
  gateways: {
    values: ['domain'],
    types: ['config'],
    packages: [
      '@node-rs/argon2',
      '@simplewebauthn/server',
      'cockatiel',
      'date-holidays',
      'ical-generator',
      'node:child_process',
      'node:crypto',
      'node:fs/promises',
      'node:path',
      'nodemailer',
      'otpauth',
      'pino',
      'prom-client',
      'qrcode',
      '@zxcvbn-ts/core',
      '@zxcvbn-ts/language-common',
      '@zxcvbn-ts/language-en',
      '@zxcvbn-ts/language-es-es',
      'node:util',
      'node:worker_threads',
      'zod',
    ],
  },
  flows: { values: ['domain', 'flows'], types: ['stores', 'gateways', 'parts'] },
  oidc: {
    values: ['domain', 'oidc', 'views'],
    types: ['stores', 'parts', 'config'],
    packages: ['jose', 'koa', 'node:crypto', 'node:http', 'node:tls', 'oidc-provider', 'zod'],
  },
  views: { values: ['views'], types: ['domain'], packages: VIEWS },
  'web/kit': {
    values: ['domain', 'views', 'web/kit'],
    types: ['parts', 'config'],
    packages: [
      '@koa/router',
      'http-errors',
      'koa',
      'node:crypto',
      'node:fs',
      'node:http',
      'node:net',
      'node:stream',
      'node:zlib',
      'oidc-provider',
      'ws',
      'zod',
    ],
  },
  web: {
    values: ['domain', 'flows', 'views', 'web', 'web/kit'],
    types: ['parts', 'config'],
    packages: ['http-errors', 'koa', 'oidc-provider', 'openid-client', 'zod'],
  },
  demo: {
    values: ['demo', 'views'],
    types: ['config'],
    packages: ['http-errors', 'koa', 'node:crypto', 'node:fs', 'node:http', 'openid-client'],
  },
  tasks: {
    values: ['config', 'connect', 'domain', 'flows', 'migrations', 'oidc', 'tasks', 'views'],
    types: ['gateways', 'parts', 'stores'],
    packages: [
      'graphile-worker',
      'ioredis',
      'knex',
      'node:events',
      'node:fs',
      'node:fs/promises',
      'node:net',
      'node:os',
      'node:path',
      'node:perf_hooks',
      'node:process',
      'node:readline',
      'node:timers/promises',
      'node:util',
      'nodemailer',
      'oidc-provider',
      'zod',
    ],
  },
  migrations: { values: ['migrations'], packages: ['knex'] },
  parts: { types: ['domain', 'stores', 'gateways'] },
  config: { values: ['config'], packages: ['zod'] },
  connect: {
    values: ['connect', 'domain', 'gateways', 'stores'],
    types: ['config', 'parts'],
    packages: ['node:crypto', 'node:os', 'node:path', 'node:timers/promises'],
  },
  app: {
    values: ['domain', 'oidc', 'web', 'web/kit'],
    types: ['config', 'parts'],
    packages: ['koa', 'koa-mount', 'oidc-provider'],
  },
  listen: { values: ['tasks'], types: ['config'], packages: ['node:http', 'node:https', 'node:net'] },
  tls: { values: ['tasks'], types: ['config'], packages: ['node:fs', 'node:http', 'node:https'] },
  // Figures for operators: what all else has counted, and a listener for it.
  metrics: {
    values: ['domain', 'gateways', 'listen', 'metrics', 'tasks', 'tls'],
    types: ['config', 'connect', 'parts'],
    packages: ['node:http'],
  },
  serve: {
    values: ['app', 'demo', 'listen', 'metrics', 'oidc', 'tasks', 'tls'],
    types: ['config', 'connect', 'domain', 'parts'],
    packages: ['node:http', 'node:timers/promises'],
  },
  processes: {
    values: ['gateways', 'metrics', 'tasks'],
    types: ['domain', 'parts', 'serve'],
    packages: ['node:cluster'],
  },
  main: {
    values: ['config', 'connect', 'gateways', 'listen', 'metrics', 'processes', 'serve', 'tasks'],
    types: ['domain'],
  },
};
/** Values that cross a line all the same, each for its reason. */
const BRIDGES: Record<string, readonly string[]> = {
  'src/stores/audit-chain': ['src/stores/audit-chain'],
  'src/stores/accounts.ts': ['src/stores/accounts/'],
  'src/stores/enrolments.ts': ['src/stores/enrolments/'],
  'src/stores/factors.ts': ['src/stores/factors/'],
  // The connections and their end, statements and scripts on them, COPY, pages of lists, hearing of changes, and what belongs to one store in several files.
  stores: [
    ...[
      'src/stores/connections.ts',
      'src/stores/hang-up.ts',
      'src/stores/statement.ts',
      'src/stores/sweep.ts',
      'src/stores/prepared.ts',
      'src/stores/copy.ts',
    ],
    'src/stores/keyset.ts',
    ...['src/stores/listening.ts', 'src/stores/script.ts'],
  ],
  'src/stores/embedded-postgres': ['src/stores/embedded-postgres'],
  // What is read is one gateway's, in two files.
  'src/gateways/demo-files.ts': ['src/gateways/demo-files/'],
  // Who fills the filter and who looks into it must agree about every bit.
  'src/tasks/commands/passwords.ts': ['src/gateways/breached.ts'],
  // What is sealed takes its chance from there.
  'src/gateways/vault.ts': ['src/gateways/chance.ts'],
  // The thread of one gateway, and its file.
  'src/gateways/strength-worker.ts': ['src/gateways/breached.ts'],
  'src/oidc/adapter.ts': ['src/stores/artifacts.ts'],
  // The doctor opens Redis as the product does, in each of its forms.
  'src/tasks/commands/neighbours.ts': ['src/stores/connections.ts'],
  // The name of a job is shared by who writes it and who works it off.
  'src/tasks/work.ts': ['src/stores/jobs.ts', 'src/stores/outbox.ts'],
};
/** Where time, chance and environment enter; where a compiler or a linter is told to look away, and why. */
const ENTRIES: Record<string, RegExp> = {
  'src/config.ts': /process\.env/,
  // Who calls addresses of others bounds what comes of it (R-42).
  'src/gateways/': /fetch/,
  'src/gateways/chance.ts': /randomFillSync/,
  'src/gateways/clock.ts': /Date\.now|new Date\(\)/,
  'src/stores/data-dir.ts': /randomBytes/,
  'src/stores/embedded-postgres': /randomBytes|randomUUID|process\.env|Date\.now/,
  'src/demo/server.ts': /randomBytes/,
};
const FORBIDDEN =
  /process\.env|Date\.now|new Date\(\)|Math\.random|(?<![.\w])fetch\(|random(?:Bytes|FillSync|UUID)|(?<![-\w'«])any(?=[\s;,)>\]|&=[]*(?:$|[;,)>\]|&=[]))|@ts-|eslint-disable|as unknown as|as never\b/gm;

const layer = (path: string) => /^(?:src\/)?(web\/kit|[^/.]+)/.exec(path)?.[1] ?? path;
const excused = (table: Record<string, unknown>, path: string) =>
  Object.keys(table).filter((prefix) => path.startsWith(prefix) || (layer(path) === prefix && !prefix.includes('/')));

function faults(all: Sources): string[] {
  const found = Object.entries(all).flatMap(([path, source]) => {
    const rule = LAYERS[layer(path)] ?? {};
    const bridges = excused(BRIDGES, path).flatMap((key) => BRIDGES[key] ?? []);
    const wrong = importsOf(path, source).filter(({ to, kind }) => {
      if (!/^(src|views|migrations)\//.test(to)) return !rule.packages?.includes(to);
      if (bridges.some((bridge) => to.startsWith(bridge))) return false;
      return !(
        rule.values?.includes(layer(to)) ||
        (kind === 'type' && (rule.types?.includes(layer(to)) || layer(to) === layer(path)))
      );
    });
    const code = source.replace(/\/\*[^]*?\*\/|(?<!:)\/\/(?! @ts).*$/gm, '');
    const entries = excused(ENTRIES, path).flatMap((key) => ENTRIES[key] ?? []);
    const forbidden = [...code.matchAll(FORBIDDEN)]
      .map(([text]) => text)
      .filter((text) => !entries.some((entry) => entry.test(text)));
    return [
      ...wrong.map(({ to, kind }) => `${path}: ${kind} of ${to}`),
      ...forbidden.map((text) => `${path}: ${text}`),
      ...(source.split('\n').length > 251 ? [`${path}: long`] : []),
      ...(/(^|\/)(index|utils|helpers|common)\b/.test(path) ? [`${path}: name`] : []),
    ];
  });
  return [...found, ...cycles(all)];
}

/** Of values: types are gone when the program runs. */
function cycles(all: Sources): string[] {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] => {
    if (trail.includes(path)) return [`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' > ')}`];
    if (done.has(path)) return [];
    const next = importsOf(path, all[path] ?? '').filter(({ to, kind }) => kind === 'value' && to in all);
    const rings = next.flatMap(({ to }) => visit(to, [...trail, path]));
    done.add(path);
    return rings;
  };
  return Object.keys(all)
    .flatMap((path) => visit(path, []))
    .slice(0, 1);
}

test('the code keeps the rules', (t) => {
  t.true(Object.keys(sources()).length > 60);
  t.deepEqual(faults(sources()), []);
});

/** One red example for each rule: a rule that cannot fail proves nothing. */
const RED: Record<string, { code: Sources; fault: string }> = {
  'a package in domain': { code: { 'src/domain/a.ts': `import { z } from 'zod';` }, fault: 'value of zod' },
  'a bare import': { code: { 'src/domain/a.ts': `import 'zod';` }, fault: 'value of zod' },
  'a bare import of ours': {
    code: { 'src/flows/a.ts': `import '../stores/b.ts';` },
    fault: 'value of src/stores/b.ts',
  },
  'a dynamic import': { code: { 'src/flows/a.ts': `export const f = () => import('koa');` }, fault: 'value of koa' },
  'an import nobody can read': {
    code: { 'src/flows/a.ts': `export const f = (x: string) => import(x);` },
    fault: 'value of ?',
  },
  'an import over several lines': {
    code: { 'src/flows/a.ts': `import {\n  a,\n} from '../stores/b.ts';` },
    fault: 'value of src/stores/b.ts',
  },
  'an export from': { code: { 'views/a.ts': `export * from '#src/flows/b.ts';` }, fault: 'value of src/flows/b.ts' },
  'a type of a wrong layer': {
    code: { 'src/stores/a.ts': `import type { A } from '../flows/b.ts';` },
    fault: 'type of src/flows/b.ts',
  },
  'a type in the middle': {
    code: { 'src/flows/a.ts': `export type A = import('koa').Context;` },
    fault: 'type of koa',
  },
  'node: in a flow': {
    code: { 'src/flows/a.ts': `import { hash } from 'node:crypto';` },
    fault: 'value of node:crypto',
  },
  'a store in another store': {
    code: { 'src/stores/a.ts': `import { b } from './b.ts';` },
    fault: 'value of src/stores/b.ts',
  },
  'a store in a page': {
    code: { 'src/web/a.ts': `import type { A } from '../stores/b.ts';` },
    fault: 'type of src/stores/b.ts',
  },
  'a feature in the kit': {
    code: { 'src/web/kit/a.ts': `import { b } from '../b.ts';` },
    fault: 'value of src/web/b.ts',
  },
  'the web in a task': {
    code: { 'src/tasks/a.ts': `import { b } from '../web/b.ts';` },
    fault: 'value of src/web/b.ts',
  },
  'a cycle': {
    code: { 'src/flows/a.ts': `import { b } from './b.ts';`, 'src/flows/b.ts': `import { a } from './a.ts';` },
    fault: 'src/flows/a.ts > src/flows/b.ts > src/flows/a.ts',
  },
  'the clock': { code: { 'src/flows/a.ts': `export const f = () => Date.now();` }, fault: 'Date.now' },
  'the environment': { code: { 'src/flows/a.ts': `export const f = process.env.X;` }, fault: 'process.env' },
  call: { code: { 'src/flows/a.ts': `export const f = (url: string) => fetch(url);` }, fault: 'fetch(' },
  any: { code: { 'src/flows/a.ts': `export const f = (x: any) => x;` }, fault: 'any' },
  'a suppression': { code: { 'src/flows/a.ts': `// @ts-ignore\nexport const f = 1;` }, fault: '@ts-' },
  'a long file': { code: { 'src/flows/a.ts': '\n'.repeat(252) }, fault: 'long' },
  'a drawer for everything': { code: { 'src/flows/utils.ts': `export const f = 1;` }, fault: 'name' },
};
for (const [name, { code, fault }] of Object.entries(RED)) {
  test(`refuses ${name}`, (t) =>
    t.deepEqual(
      faults(code).map((text) => text.replace(/^[^:]+: /, '')),
      [fault],
    ));
}
