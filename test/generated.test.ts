import { glob, readFile, writeFile } from 'node:fs/promises';
import test from 'ava';
import { variables } from '../src/config.ts';
import { ALERT_KINDS, ALERTS } from '../src/domain/alert.ts';
import { isOver, movesFrom, ruleOf, STAGES } from '../src/domain/enrolment.ts';
import { EVENT_KINDS, EVENTS } from '../src/domain/event.ts';
import { BUCKETS, METRICS, specOf } from '../src/domain/metric.ts';
import { ACTS, ROLES, RULES } from '../src/domain/roles.ts';
import { PROTOCOL_ERROR_CODES, PROTOCOL_ERRORS } from '../src/domain/protocol-error.ts';
import { processFigures } from '../src/gateways/prometheus.ts';
import { SOCKETS } from '../src/web/call/doors.ts';
import { consoleRoutes } from '../src/web/console-routes.ts';
import { routes } from '../src/web/routes.ts';
import { words, type Words } from '../views/words.ts';
import { PLANS } from './support/suite/plans.ts';

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

/** The words of `Row`, for who reads the table alone. */
const WHO = [
  ['`anyone`', 'everybody'],
  ['`interaction`', 'the browser in which the request of a state website arrived, at that step of it'],
  ['`flow`', 'everybody; the forms are bound to the browser'],
  ['`link`', 'the browser in which the link of a letter was opened'],
  ['`session`', 'everybody; it may end the session of that browser'],
  ['`account`', 'who is signed in at «Mi cuenta»; `fresh`: within the last five minutes, from where she signed in'],
  ['`door`', 'who comes into «Mi cuenta», or goes out'],
  ['`emulator`', 'everybody, in the emulator alone'],
  ['`conformance`', 'the conformance suite, in its mode alone'],
] as const;

test('docs/routes.md is the three tables: of pages, of the console, of sockets', async (t) => {
  const pages = routes.map(({ method, path, who, limit, ...rest }) => [
    method,
    `\`${path}\``,
    'prompt' in rest ? `${who}, at ${rest.prompt}` : 'fresh' in rest ? `${who}, fresh` : who,
    limit,
  ]);
  const staff = consoleRoutes.map(({ method, path, who, limit, ...rest }) => [
    method,
    `\`${path}\``,
    who,
    'may' in rest ? `${rest.may}${rest.fresh ? ', fresh' : ''}` : '',
    limit,
  ]);
  const sockets = Object.values(SOCKETS).map(({ shown, who, limit, ...rest }) => [
    `\`${shown}\``,
    who,
    'may' in rest ? rest.may : '',
    limit,
  ]);
  const text = [
    "# Every page of ours\n\nGenerated from `src/web/routes.ts`. The protocol's own paths are under `/openid`, from discovery; `/healthz` and `/readyz` stand before all, and the files under `/activos` with `/favicon.ico`.",
    table(['Who', 'That is'], WHO),
    table(['Method', 'Path', 'Who', 'How often'], pages),
    '## The console\n\nGenerated from `src/web/console-routes.ts`; on a host and a listener of its own. `staff`: who is signed in there; `staff-door`: who comes in or goes out. May: an act of [roles.md](roles.md), or `any` role; `fresh`: with a passkey of the last five minutes.',
    table(['Method', 'Path', 'Who', 'May', 'How often'], staff),
    '## Sockets\n\nGenerated from `src/web/call/doors.ts`; each of the listener of its page.',
    `${table(['Path', 'Who', 'May', 'How often'], sockets)}\n`,
  ].join('\n\n');
  if (update) await writeFile(file('docs/routes.md'), text);
  else t.is(await readFile(file('docs/routes.md'), 'utf8'), text);
  for (const rows of [pages, staff]) t.true(rows.length > 10);
});

test('R-48: docs/cases.md is the table of stages and moves, and its picture', async (t) => {
  const all = STAGES.flatMap((stage) => movesFrom(stage).map((move) => ({ stage, move, ...ruleOf(stage, move)! })));
  const rows = all.map(({ stage, move, to, by, second }) => [stage, move, to, by.join(', '), second ? '✓' : '']);
  // Names of states are words without a hyphen there.
  const state = (stage: string) => stage.replaceAll('-', '_');
  const picture = [
    'stateDiagram-v2',
    ...STAGES.map((stage) => `  ${state(stage)}: ${stage}`),
    `  [*] --> ${state(STAGES[0]!)}`,
    ...all.map(({ stage, move, to }) => `  ${state(stage)} --> ${state(to)}: ${move}`),
    ...STAGES.filter(isOver).map((stage) => `  ${state(stage)} --> [*]`),
  ].join('\n');
  const text = [
    '# From a request to a ClaveÚnica\n\nGenerated from `CASE` in `src/domain/enrolment.ts`: where a person stands, what may happen next, and who may do it. What is not here does not happen. Second person: not who moved it last. What a supervisor releases is broken off in the same moment: the next officer begins anew.',
    `\`\`\`mermaid\n${picture}\n\`\`\``,
    `${table(['Stage', 'Move', 'To', 'By', 'Second person'], rows)}\n`,
  ].join('\n\n');
  if (update) await writeFile(file('docs/cases.md'), text);
  else t.is(await readFile(file('docs/cases.md'), 'utf8'), text);
  t.true(rows.length > 10);
});

test('docs/roles.md is the table of roles', async (t) => {
  const rows = ACTS.map((act) => [
    act,
    ...ROLES.map((role) => ((RULES[act].roles as readonly string[]).includes(role) ? '✓' : '')),
    RULES[act].needs.join(', '),
  ]);
  const meanings = [
    '`not-self`: never oneself · `same-agency`: of one’s own agency; operators and auditors work for all · `same-institution`: of one’s own; operators work for all · `same-office`: where the first of the two works ·',
    '`second-person`: proposed by one, decided by another · `reason`: from a closed list, with words of one’s own · `fresh`: a passkey within five minutes · `trained`: within a year ·',
    '`drawn`: the case that the line gave her, or the case of an account that she took, while she has it in hand',
  ].join('\n');
  const text = `# Who may do what in the console\n\nGenerated from \`src/domain/roles.ts\`; what is not here is denied, and each no is recorded.\n\n${table(['Act', ...ROLES, 'Needs'], rows)}\n\n${meanings}\n`;
  if (update) await writeFile(file('docs/roles.md'), text);
  else t.is(await readFile(file('docs/roles.md'), 'utf8'), text);
  t.true(rows.length > 10);
});

/** What forms say when they come back: words under such a name, wherever they stand. */
const REFUSALS = /^(problem|problems|wrong|refused|refusals)$/;
const said = (value: unknown): string =>
  String(typeof value === 'function' ? (value as (...all: unknown[]) => unknown)('…', '…') : value).replaceAll(
    '\n',
    ' ',
  );

/** Path, title and text of each. */
function refusals(value: unknown, path: readonly string[] = []): readonly (readonly [string, string])[] {
  const inside = path.some((name) => REFUSALS.test(name));
  if (typeof value !== 'object' || value === null) return inside ? [[path.join('.'), said(value)]] : [];
  const all = value as Readonly<Record<string, unknown>>;
  const isLeaf = (name: string) => name in all && typeof all[name] !== 'object';
  const own = ['title', 'text'].filter((name) => inside && isLeaf(name));
  // What stands at the field, and the label of the way on, belong to it.
  const rest = Object.entries(all).filter(([name]) => ![...own, 'field', 'next'].includes(name));
  return [
    ...(own.length > 0 ? [[path.join('.'), own.map((name) => said(all[name])).join(' — ')] as const] : []),
    ...rest.flatMap(([name, inner]) => refusals(inner, [...path, name])),
  ];
}

const EXPLAINED = {
  es: {
    title: 'Errores: causa y arreglo',
    intro:
      'Las páginas y `/emulador/errores` (en el emulador) dicen estas mismas palabras. Cada página de error muestra un **código de ayuda**: está también en la línea del registro de esa solicitud (campo `help`), con la ruta, el estado y, si hubo una falla, el error completo; si faltaba un almacén, cuál (`away`): de eso habla una sola línea, la de su ausencia. Los programas lo encuentran por `x-request-id`.',
    protocol: 'Errores del protocolo',
    kinds: 'Lo que la página sabe mejor que el código',
    doctor: 'Lo que muestra el doctor de integración',
    doctorIntro:
      'En la consola, en la página de cada sitio («Ver sus intentos recientes»), y por `clave client attempts ID`: los últimos 50 intentos de a lo más 7 días, paso a paso. No es una prueba: cualquiera puede enviar solicitudes a nombre de un sitio. Sin datos de personas ni secretos. En producción, solo lo que falla.',
    pages: 'Páginas',
    forms: 'Formularios que vuelven',
    head: { code: 'Código', page: 'Página', path: 'Dónde está escrito', says: 'Lo que dice' },
  },
  en: {
    title: 'Errors: cause and mend',
    intro:
      'The pages and `/emulador/errores` (in the emulator) say these same words. Each error page shows a **help code**: it stands in the log line of that request too (field `help`), with the path, the status and, after a fault, the whole error; where a store was away, which one (`away`): one line speaks of that, the one of its absence. Programs find it by `x-request-id`.',
    protocol: 'Errors of the protocol',
    kinds: 'What the page knows better than the code',
    doctor: 'What the integration doctor shows',
    doctorIntro:
      'In the console, on the page of each site (“See its recent attempts”), and by `clave client attempts ID`: the last 50 attempts of at most 7 days, step by step. No evidence: anybody can send requests in a site’s name. Nothing of people, and no secrets. In production what fails alone.',
    pages: 'Pages',
    forms: 'Forms that come back',
    head: { code: 'Code', page: 'Page', path: 'Where it is written', says: 'What it says' },
  },
} as const;

function catalogueOfErrors(lang: 'es' | 'en'): string {
  const all: Words = words(lang);
  const w = all.errors;
  const { head, ...is } = EXPLAINED[lang];
  const codes = PROTOCOL_ERROR_CODES.map((code) => {
    const { status, at } = PROTOCOL_ERRORS[code];
    const { cause, mend } = w.protocol[code];
    return [`\`${code}\``, String(status), at.map((place) => w.places[place]).join(', '), cause, mend];
  });
  const kinds = Object.entries(w.kinds).map(([kind, { cause, mend }]) => [`\`${kind}\``, cause, mend]);
  const faults = Object.entries(all.doctor.faults).map(([fault, { is: cause, mend }]) => [`\`${fault}\``, cause, mend]);
  const pages = Object.entries(w.pages).map(([kind, { cause, mend }]) => {
    const { title } = all.message[kind as keyof Words['message']];
    return [`\`${kind}\``, title, cause, mend];
  });
  // The browser’s tab begins with it.
  const forms = refusals({ ...all, frame: {} }).map(([path, text]) => [`\`${path}\``, text]);
  return [
    ...[`## ${is.title}`, is.intro, `### ${is.protocol}`, table([head.code, w.status, w.at, w.cause, w.mend], codes)],
    ...[`### ${is.kinds}`, table([head.page, w.cause, w.mend], kinds)],
    ...[`### ${is.doctor}`, is.doctorIntro, table([head.code, w.cause, w.mend], faults)],
    ...[`### ${is.pages}`, table([head.page, head.says, w.cause, w.mend], pages)],
    ...[`### ${is.forms}`, table([head.path, head.says], forms)],
  ].join('\n\n');
}

test('docs/errors.md is the catalogue of errors, in both languages', async (t) => {
  const head =
    '# Errores · Errors\n\nGenerated from `src/domain/protocol-error.ts` and `views/words`. [English below](#errors-cause-and-mend).';
  const text = `${head}\n\n${catalogueOfErrors('es')}\n\n${catalogueOfErrors('en')}\n`;
  if (update) await writeFile(file('docs/errors.md'), text);
  else t.is(await readFile(file('docs/errors.md'), 'utf8'), text);
  t.is(refusals(words('es')).length, refusals(words('en')).length);
  t.true(refusals(words('es')).length > 25);
});

test('R-71: docs/audit-events.md is the closed list of events, and each of them happens somewhere', async (t) => {
  const sources: string[] = [];
  for await (const path of glob('src/**/*.ts', { cwd: file('.') }))
    if (!/domain.(event|activity).ts$/.test(path)) sources.push(await readFile(file(path), 'utf8'));
  const all = sources.join('\n');
  for (const kind of EVENT_KINDS) t.true(all.includes(`'${kind}'`), `${kind} is recorded nowhere`);
  const events = table(
    ['Event', 'What happened'],
    EVENT_KINDS.map((kind) => [`\`${kind}\``, EVENTS[kind]]),
  );
  const alerts = table(
    ['Alert', 'What it says'],
    ALERT_KINDS.map((kind) => [`\`${kind}\``, ALERTS[kind]]),
  );
  const text = `# What is recorded, and what rings\n\nGenerated from \`src/domain/event.ts\` and \`src/domain/alert.ts\`. Each event has its time (UTC, milliseconds), and where they are known the account it concerns, the member of staff who did it, the site, the request and the network; never a secret, a RUN or an address (R-74).\n\n${events}\n\nAn alert is a line of level \`error\` in the process log that begins with \`ALERT\`, a row in the console, the event \`alert-raised\`, and a letter to \`ALERT_MAILTO\` (by default to \`SECURITY_CONTACT\`, if that is a \`mailto:\`); the same one rings once an hour.\n\n${alerts}\n`;
  if (update) await writeFile(file('docs/audit-events.md'), text);
  else t.is(await readFile(file('docs/audit-events.md'), 'utf8'), text);
});

/** Whose figures they are. */
const OF = { together: '', process: '`process`', database: '' } as const;

test('docs/metrics.md is the catalogue of what operators can read, the library’s figures with it', async (t) => {
  const own = Object.keys(METRICS).map((name) => {
    const { type, help, labels, of } = specOf(name)!;
    const said = Object.entries(labels).map(
      ([label, values]) =>
        `\`${label}\`: ${typeof values === 'string' ? values : values.map((value) => `\`${value}\``).join(' ')}`,
    );
    return [`\`${name}\``, type, [...said, OF[of]].filter(Boolean).join(' · '), help];
  });
  const node = (await processFigures()).map(({ name, type, help }) => [`\`${name}\``, type, help]);
  const head = ['Name', 'Type', 'Labels', 'What it says'];
  const text = [
    '# What operators can read at `/metrics`\n\nGenerated from `src/domain/metric.ts`. [operations.md](operations.md#metrics) tells how they are read, and what to ring for. The values of labels are closed lists: there is no RUN, no address, no id and no site in any of them (R-74).',
    `All processes of a start (\`WORKERS\`) answer as one. What is counted is added up over them; what has the label \`process\` each says for itself, under its number (\`1\`, \`2\` …; \`primary\` watches the others). Times are histograms with bounds of ${BUCKETS.join(', ')} seconds. What nobody has asked for yet is not there; what is a closed list is there with 0.`,
    table(
      head,
      own.filter((_, at) => Object.values(METRICS)[at]?.of !== 'database'),
    ),
    '## Of the database\n\nAsked by one process of each start, for a second at most and every ten seconds at most. All instances say the same: take `max`, never `sum`.',
    table(
      head,
      own.filter((_, at) => Object.values(METRICS)[at]?.of === 'database'),
    ),
    '## Of each process\n\nWhat `prom-client` knows of Node and of the system, each with the label `process`. It begins to measure when somebody asks for the first time.',
    `${table(['Name', 'Type', 'What it says'], node)}\n`,
  ].join('\n\n');
  if (update) await writeFile(file('docs/metrics.md'), text);
  else t.is(await readFile(file('docs/metrics.md'), 'utf8'), text);
  for (const name of Object.keys(METRICS)) {
    const { type } = specOf(name)!;
    t.is(type === 'counter', name.endsWith('_total'), name);
    if (type === 'histogram') t.true(name.endsWith('_seconds'), name);
  }
  t.true(node.length > 15);
});

/** The suite leaves these out itself, as long as the metadata do not offer what they ask for. */
const LEFT_OUT = [
  ...['oidcc-idtoken-unsigned', 'oidcc-request-uri-unsigned', 'oidcc-ensure-request-object-with-redirect-uri'],
  'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
  'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
];

test('R-47: docs/conformance.md shows which module of the OpenID Foundation’s plans is played by which of our tests', async (t) => {
  const tests: { readonly name: string; readonly text: string }[] = [];
  for await (const path of glob('test/oidc/suite/*.test.ts', { cwd: file('.') }))
    tests.push({ name: path.replace(/.*\//, ''), text: await readFile(file(path), 'utf8') });
  tests.sort((a, b) => (a.name < b.name ? -1 : 1));
  const playedBy = (module: string) =>
    tests.find(({ text }) =>
      [module, module.replace(/^(fapi2-security-profile-final|fapi-ciba-id1)-/, '')].some((name) =>
        text.includes(`'${name}'`),
      ),
    )?.name;
  const how = (module: string) => {
    const by = playedBy(module);
    if (by !== undefined) return `passes: \`${by}\``;
    return LEFT_OUT.includes(module) ? 'left out by the suite: nothing unsigned is offered' : undefined;
  };
  const sections = Object.entries(PLANS).map(([plan, modules]) => {
    const rows = modules.map((module) => [`\`${module}\``, how(module) ?? 'MISSING']);
    return `## ${plan}\n\n${table(['Module', 'Here'], rows)}\n`;
  });
  const text = await readFile(file('docs/conformance.md'), 'utf8');
  const want = `<!-- plans -->\n\n${sections.join('\n')}\n<!-- /plans -->`;
  const now = text.replace(/<!-- plans -->[^]*<!-- \/plans -->/, () => want);
  if (update) await writeFile(file('docs/conformance.md'), now);
  else t.is(text, now);
  t.false(now.includes('MISSING'));
});
