import { ConfigError, readConfig, type Config } from '../../config.ts';
import type { Access } from './access.ts';
import { command, table, wordsOf, type Result } from './command.ts';
import { inForce, type InForce } from './in-force.ts';
import { redisRow, smtpRow } from './neighbours.ts';
import { fail, ok, warn, type Row } from './row.ts';
import { argon2Row, guarded, storeRows } from './stores.ts';

/** `clave doctor` */
export const doctorCommand = command({
  name: 'doctor',
  summary: 'Checks the installation and shows what is in force, secrets masked. Changes nothing.',
  run: async (_given, access) => {
    const rows: Row[] = [nodeRow(process.versions.node)];
    const config = readable(rows);
    if (!config) return report(rows, []);
    rows.push(ok('configuration', 'has no faults'), ...proxiesRow(config), ...lacksRows(config), ...metricsRow(config));
    rows.push(...(await partsRows(config, access)));
    rows.push(...(await guarded('redis', () => redisRow(config))), ...(await guarded('smtp', () => smtpRow(config))));
    return report(rows, inForce(config));
  },
});

function readable(rows: Row[]): Config | undefined {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    rows.push(...error.faults.map((fault) => fail('configuration', fault, 'set it right; the rest is checked then')));
    return undefined;
  }
}

/** Older ones cannot run this file at all. */
export function nodeRow(version: string): Row {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 18)) return fail('node', version, 'install Node 24');
  return major < 24 ? warn('node', version, 'Node 24 is recommended') : ok('node', version);
}

/** TLS ends before us: without a trusted proxy all citizens seem to come from one address, and share its limits (R-24). */
function proxiesRow({ emulator, trustedProxies }: Config): readonly Row[] {
  if (emulator) return [];
  if (trustedProxies.length > 0) return [ok('proxies', trustedProxies.join(', '))];
  return [warn('proxies', 'none is trusted', 'set TRUSTED_PROXIES to the addresses of what stands before the product')];
}

/** What production does without, and what follows from it. */
function lacksRows(config: Config): readonly Row[] {
  const { emulator, civilRegistryUrl, consolePort, consoleOrigin, auditAnchors, alertMailto, turn } = config;
  if (emulator) return [];
  return [
    civilRegistryUrl === undefined
      ? warn(
          'civil registry',
          'none: no officer can approve anybody, so nobody gets a ClaveÚnica',
          'set CIVIL_REGISTRY_URL',
        )
      : ok('civil registry', new URL(civilRegistryUrl).host),
    consolePort === 0
      ? warn(
          'console',
          'off: no agendas, no desks, no second person, no switches',
          'set CONSOLE_ORIGIN to the host of the staff',
        )
      : ok('console', consoleOrigin),
    auditAnchors === undefined
      ? warn(
          'anchors',
          'only in the process log: who can write the database could begin the audit log anew',
          'set AUDIT_ANCHORS to a file that its keepers cannot write, or keep the lines `audit anchor`',
        )
      : ok('anchors', auditAnchors),
    alertMailto === undefined
      ? warn(
          'alerts',
          'nobody gets them by mail: they are lines `ALERT` of the log, and in the console',
          'set ALERT_MAILTO',
        )
      : ok('alerts', alertMailto),
    turn.secret === ''
      ? warn(
          'relay',
          'none: calls fail where two networks do not let each other in',
          'set TURN_URLS and TURN_SECRET, if anybody is to be identified by video',
        )
      : ok('relay', turn.urls.join(', ')),
  ];
}

/** Whoever reaches the figures reads them. */
function metricsRow({ emulator, metrics: { port, host } }: Config): readonly Row[] {
  if (emulator) return [];
  if (port === 0) return [ok('metrics', 'off')];
  const place = `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  if (!['0.0.0.0', '::'].includes(host)) return [ok('metrics', place)];
  const next = 'set METRICS_HOST to an inner address, or let a firewall pass your Prometheus alone';
  return [warn('metrics', `${place}: whoever reaches this machine reads them`, next)];
}

async function partsRows(config: Config, access: Access): Promise<readonly Row[]> {
  try {
    const live = await access.reach(config);
    return [...(await storeRows(config, live)), ...(await guarded('argon2', () => argon2Row(config, live)))];
  } catch (error) {
    return [fail('start', wordsOf(error), 'the product does not start before this is put right')];
  }
}

function report(rows: readonly Row[], configuration: readonly InForce[]): Result {
  const count = (level: Row['level']) => rows.filter((row) => row.level === level).length;
  const failed = count('fail') > 0;
  const settings = configuration.map(({ name, value, fallback }) => [
    `  ${name}`,
    `${value || '(unset)'}${fallback && value ? ' (default)' : ''}`,
  ]);
  const findings = table(rows.map(({ level, check, found }) => [`  ${level}`, check, found])).split('\n');
  const text = [
    ...(settings.length > 0 ? ['In force', table(settings), ''] : []),
    'Checks',
    ...rows.flatMap(({ next }, at) => [findings[at] ?? '', ...(next === undefined ? [] : [`        → ${next}`])]),
    '',
    `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} wrong`,
  ].join('\n');
  return { json: { ok: !failed, checks: rows, configuration }, text, failed };
}
