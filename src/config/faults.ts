import { mtlsFaults } from './mtls.ts';
import { turnFaults } from './turn.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Without a proxy before it the process listens where its address says. */
export const portOfOrigin = ({ TLS_CERT, PUBLIC_ORIGIN = '' }: Env): Env =>
  TLS_CERT !== undefined && URL.canParse(PUBLIC_ORIGIN) ? { PORT: new URL(PUBLIC_ORIGIN).port || '443' } : {};

/** Of these variables, those that hold what the example of production says where a value belongs. */
export const unfilled = (env: Env, names: readonly string[]): readonly string[] =>
  env['MODE'] === 'production' ? names.filter((name) => env[name]?.includes('CHANGE_ME')) : [];

/** What single variables cannot know: one line each, `NAME: what is wrong`. */
export const faultsOf = (mode: string | undefined, env: Env): readonly string[] => [
  ...(mode === 'production' ? productionFaults(env) : emulatorFaults(env)),
  ...tlsFaults(env),
  ...mtlsFaults(env),
  ...turnFaults(env),
];

function tlsFaults(env: Env): string[] {
  const faults: string[] = [];
  if ((env['TLS_CERT'] === undefined) !== (env['TLS_KEY'] === undefined))
    faults.push('TLS_KEY: a certificate and its key go together');
  if (env['TLS_CERT'] !== undefined && !env['PUBLIC_ORIGIN']?.startsWith('https:'))
    faults.push('PUBLIC_ORIGIN: must be https with TLS_CERT');
  return faults;
}

function productionFaults(env: Env): string[] {
  const needed = ['PUBLIC_ORIGIN', 'DATABASE_URL', 'MASTER_KEYS', 'SMTP_URL', 'MAIL_FROM'];
  const faults = needed.filter((name) => env[name] === undefined).map((name) => `${name}: is needed in production`);
  for (const name of ['PUBLIC_ORIGIN', 'CONSOLE_ORIGIN'])
    if (env[name]?.startsWith('http:')) faults.push(`${name}: must be https in production`);
  const [site, console] = ['PUBLIC_ORIGIN', 'CONSOLE_ORIGIN'].map((name) => URL.parse(env[name] ?? '')?.hostname);
  if (site !== undefined && site === console) faults.push('CONSOLE_ORIGIN: must be another host than PUBLIC_ORIGIN');
  if ((env['CONFORMANCE'] ?? '0') !== '0') faults.push('CONFORMANCE: is for the emulator only');
  if (env['CLIENTS_FILE'] !== undefined)
    faults.push('CLIENTS_FILE: is for the emulator only; `clave client import` takes sites over');
  if (env['PEOPLE_FILE'] !== undefined)
    faults.push('PEOPLE_FILE: is for the emulator only; `clave people import` takes people over');
  return faults;
}

/** The emulator holds public passwords: it must not come near anything real. */
function emulatorFaults(env: Env): string[] {
  const faults: string[] = [];
  if (env['NODE_ENV'] === 'production')
    faults.push('NODE_ENV: is production, but MODE is emulator; set MODE=production');
  const host = URL.parse(env['DATABASE_URL'] ?? '')?.hostname;
  if (host !== undefined && !['localhost', '127.0.0.1', '[::1]'].includes(host))
    faults.push('DATABASE_URL: the emulator takes a database on loopback only');
  // Its cookies are SameSite=None, which browsers keep over https alone.
  if (env['CONFORMANCE'] === '1' && !env['PUBLIC_ORIGIN']?.startsWith('https:'))
    faults.push('PUBLIC_ORIGIN: must be https with CONFORMANCE=1');
  return faults;
}
