import { z } from 'zod';
import { faultsOf, portOfOrigin, unfilled } from './config/faults.ts';
import { emulatorVariables } from './config/emulator.ts';
import { ConfigError } from './config/error.ts';
import {
  distinct,
  hosts,
  mailboxOf,
  masterKeys,
  networks,
  origin,
  phone,
  port,
  redisAddress,
  whole,
  type MasterKey,
} from './config/fields.ts';
import { metricsOf, metricsVariables, type MetricsConfig } from './config/metrics.ts';
import { mtlsOf, mtlsVariables, type MtlsConfig } from './config/mtls.ts';
import { turnOf, turnVariables, type TurnConfig } from './config/turn.ts';

export type { MasterKey };

/** The one reader of the environment. Every variable is described here; the README's table is generated from it. */
const environment = z.object({
  MODE: z.enum(['emulator', 'production']).default('emulator').describe('`emulator` (a laptop) or `production`'),
  PORT: port(3000).describe('where citizens and state websites arrive'),
  CONSOLE_PORT: port(3001).describe('the console of staff, a listener of its own; 0 switches it off'),
  CONSOLE_ORIGIN: origin
    .optional()
    .describe(
      'its public address, a host name of its own; by default `http://localhost:CONSOLE_PORT`; unset in production: no console',
    ),
  DEMO_PORT: port(3002).describe('the two demo sites of the emulator; 0 switches them off'),
  ...metricsVariables,
  PUBLIC_ORIGIN: origin
    .optional()
    .describe('the address people see, without trailing slash; by default `http://localhost:PORT`'),
  HOST_ALIASES: hosts
    .default([])
    .describe('further host names, comma separated: calls of servers are answered there, people are sent on'),
  TRUSTED_PROXIES: networks
    .default([])
    .describe('addresses or networks (CIDR) of your own proxies: only their `X-Forwarded-For` is believed'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe('Postgres 15 or newer; unset in the emulator: embedded'),
  REDIS_URL: redisAddress
    .optional()
    .describe(
      'Redis 7 or newer for what is short-lived: one URL; several, comma separated: a cluster; `redis+sentinel://HOST:PORT,HOST:PORT/NAME`. Unset: Postgres holds it too',
    ),
  DATA_DIR: z.string().min(1).default('.data').describe('where the emulator keeps its database and keys'),
  MASTER_KEYS: masterKeys
    .pipe(z.array(z.custom<MasterKey>()).min(1).refine(distinct, 'two keys have the same id'))
    .optional()
    .describe(
      '`ID:BASE64URL,…`, 32 random bytes each; the first one seals, all open. Fields, signing keys and the pepper derive from them',
    ),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('the mail server; unset in the emulator: the mailbox page'),
  MAIL_FROM: z.string().min(3).default('ClaveÚnica <no-responder@localhost>').describe('the sender of letters'),
  AUDIT_ANCHORS: z
    .string()
    .min(1)
    .optional()
    .describe(
      'the file to which the heads of the audit chain are added, on a disk that the database’s keepers can’t write; in the emulator in `DATA_DIR`, else by default the log',
    ),
  SMS_WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'where codes by SMS are posted, as JSON `{"to", "text"}`; unset: in the emulator the mailbox page, in production no SMS',
    ),
  ...emulatorVariables,
  TLS_CERT: z.string().min(1).optional().describe('a PEM file: the process itself speaks TLS 1.2 and 1.3'),
  TLS_KEY: z.string().min(1).optional().describe('the PEM file of its private key'),
  ...mtlsVariables,
  ...turnVariables,
  CIVIL_REGISTRY_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'the civil registry (docs/civil-registry.openapi.json), with USER:PASSWORD@ for Basic; unset: in the emulator its own people, in production nobody is enrolled',
    ),
  HELP_PHONE: phone.default('600 000 00 00').describe('the telephone of the help desk, as it is shown'),
  SECURITY_CONTACT: z
    .url({ protocol: /^(https|mailto|tel)$/ })
    .optional()
    .describe(
      'whom to tell of a weakness, in `/.well-known/security.txt`; by default the help page. A `mailto:` gets alerts as well, unless ALERT_MAILTO does',
    ),
  ALERT_MAILTO: z
    .email()
    .optional()
    .describe(
      'the address that alerts go to, shown nowhere; by default that of SECURITY_CONTACT, if it is a `mailto:`',
    ),
  ARGON2_MEMORY_KIB: z.coerce.number().int().min(19456).max(4194304).default(19456).describe('argon2id, memory'),
  ARGON2_TIME: z.coerce.number().int().min(1).max(64).default(2).describe('argon2id, passes'),
  PASSWORD_MIN: whole(12, 64).default(12).describe('characters that a new ClaveÚnica has at least; NIST recommends 15'),
  BREACHED_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('further passwords that nobody may choose: a filter made by `clave passwords compile`'),
  HASH_CONCURRENCY: whole(1, 256)
    .optional()
    .describe('password hashes at once; by default the cores. Two of UV_THREADPOOL_SIZE stay without'),
  UV_THREADPOOL_SIZE: whole(1, 1024)
    .default(4)
    .describe('threads of each process that hash, sign, read files and ask DNS; Node reads it, and `npm start` sets 8'),
  HASH_QUEUE_MS: whole(10, 60000).default(2000).describe('how long a login waits for its hash before it gets a 503'),
  STORE_TIMEOUT_MS: whole(50, 120000)
    .default(900)
    .describe('how long a request waits for Postgres or Redis before it gets a 503'),
  WORKERS: whole(1, 256).default(1).describe('processes that share the port; one that dies is replaced'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('JSON logs on stderr'),
});

export type Config = {
  readonly mode: 'emulator' | 'production';
  readonly emulator: boolean;
  readonly port: number;
  readonly consolePort: number;
  readonly consoleOrigin: string;
  readonly demoPort: number;
  readonly metrics: MetricsConfig;
  readonly origin: string;
  /** The citizens' one, also where `origin` is the console's. */
  readonly publicOrigin: string;
  readonly secure: boolean;
  readonly hostAliases: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly dataDir: string;
  readonly masterKeys: readonly MasterKey[];
  readonly clientsFile: string | undefined;
  readonly peopleFile: string | undefined;
  /** All that the OpenID Foundation's suite asks for; in the emulator alone. */
  readonly conformance: boolean;
  /** Files, when the process itself speaks TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly mtls: MtlsConfig | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
  readonly auditAnchors: string | undefined;
  readonly smsWebhookUrl: string | undefined;
  readonly turn: TurnConfig;
  readonly civilRegistryUrl: string | undefined;
  readonly helpPhone: string;
  readonly securityContact: string;
  readonly alertMailto: string | undefined;
  readonly argon2: { readonly memoryKib: number; readonly time: number };
  readonly passwordMin: number;
  readonly breachedFile: string | undefined;
  readonly hashConcurrency: number | undefined;
  readonly uvThreadpoolSize: number;
  readonly hashQueueMs: number;
  readonly storeTimeoutMs: number;
  readonly workers: number;
  readonly logLevel: z.output<typeof environment>['LOG_LEVEL'];
};

export { ConfigError };

type Env = Readonly<Record<string, string | undefined>>;

/** Throws a `ConfigError` that lists all faults. An empty variable counts as unset. */
export function readConfig(env: Env = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const set = { ...portOfOrigin(given), ...given };
  const parsed = environment.safeParse(set);
  const open = unfilled(set, Object.keys(environment.shape));
  const faults = open.map((name) => `${name}: still says CHANGE_ME`);
  for (const { path, message } of parsed.error?.issues ?? [])
    if (!open.includes(String(path[0]))) faults.push(`${String(path[0])}: ${message}`);
  const mode = parsed.success ? parsed.data.MODE : set['MODE'];
  faults.push(...faultsOf(mode, set));
  if (!parsed.success || faults.length > 0) throw new ConfigError([...new Set(faults)]);
  return freeze(parsed.data, set);
}

function freeze(env: z.output<typeof environment>, given: Env): Config {
  const publicOrigin = env.PUBLIC_ORIGIN ?? `http://localhost:${String(env.PORT)}`;
  return Object.freeze({
    mode: env.MODE,
    emulator: env.MODE === 'emulator',
    port: env.PORT,
    // In production it has a name of its own, or it is not there.
    consolePort: env.MODE === 'production' && env.CONSOLE_ORIGIN === undefined ? 0 : env.CONSOLE_PORT,
    consoleOrigin: env.CONSOLE_ORIGIN ?? `http://localhost:${String(env.CONSOLE_PORT)}`,
    demoPort: env.MODE === 'emulator' && env.CONFORMANCE === '0' ? env.DEMO_PORT : 0,
    metrics: metricsOf(env, given),
    origin: publicOrigin,
    publicOrigin,
    secure: publicOrigin.startsWith('https:'),
    hostAliases: env.HOST_ALIASES,
    trustedProxies: env.TRUSTED_PROXIES,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    dataDir: env.DATA_DIR,
    masterKeys: env.MASTER_KEYS ?? [],
    clientsFile: env.CLIENTS_FILE,
    peopleFile: env.PEOPLE_FILE,
    conformance: env.CONFORMANCE === '1',
    tls: env.TLS_CERT && env.TLS_KEY ? { cert: env.TLS_CERT, key: env.TLS_KEY } : undefined,
    mtls: mtlsOf(env, publicOrigin),
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    auditAnchors: env.AUDIT_ANCHORS ?? (env.MODE === 'emulator' ? `${env.DATA_DIR}/audit-anchors.jsonl` : undefined),
    smsWebhookUrl: env.SMS_WEBHOOK_URL,
    turn: turnOf(env),
    civilRegistryUrl: env.CIVIL_REGISTRY_URL,
    helpPhone: env.HELP_PHONE,
    securityContact: env.SECURITY_CONTACT ?? `${publicOrigin}/ayuda`,
    alertMailto: env.ALERT_MAILTO ?? mailboxOf(env.SECURITY_CONTACT),
    argon2: { memoryKib: env.ARGON2_MEMORY_KIB, time: env.ARGON2_TIME },
    passwordMin: env.PASSWORD_MIN,
    breachedFile: env.BREACHED_FILE,
    hashConcurrency: env.HASH_CONCURRENCY,
    uvThreadpoolSize: env.UV_THREADPOOL_SIZE,
    hashQueueMs: env.HASH_QUEUE_MS,
    storeTimeoutMs: env.STORE_TIMEOUT_MS,
    workers: env.WORKERS,
    logLevel: env.LOG_LEVEL,
  });
}

/** Name, default and meaning of each variable, for the README and `clave doctor`. */
export const variables = (): readonly { name: string; fallback: string; meaning: string }[] =>
  Object.entries(environment.shape).map(([name, schema]) => {
    const fallback: unknown = schema.safeParse(undefined).data;
    return {
      name,
      fallback:
        fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)
          ? ''
          : JSON.stringify(fallback).replaceAll('"', ''),
      meaning: schema.description ?? '',
    };
  });
