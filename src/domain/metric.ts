import { SIGNING_ALGS } from './signing-key.ts';

/**
 * What operators can read at `/metrics`; a closed list, and so are the values of labels: of nobody in particular, no RUN,
 * no address, no id, no site. Names follow the conventions of Prometheus and are never changed: alerts rely on them.
 */
type Spec = {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  /** The values of each label, or where the closed list of them lies. */
  readonly labels: Readonly<Record<string, readonly string[] | string>>;
  /**
   * `together`: added up over the processes of a start. `process`: each process says its own, under its number.
   * `database`: the same for all instances, asked by one process of each.
   */
  readonly of: 'together' | 'process' | 'database';
  /** What is there with zero from the start, where not every combination exists. */
  readonly series?: readonly Readonly<Record<string, string>>[];
};

/** Seconds. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How a sign-in can go on, by what was shown. */
export const SIGN_INS = {
  clave: [
    ...['signed-in', 'factor', 'change', 'step', 'wait', 'wrong-credentials'],
    ...['malformed-run', 'missing-password', 'busy'],
  ],
  'mail-code': ['signed-in', 'factor', 'change', 'refused'],
  factor: ['signed-in', 'change', 'refused', 'wait', 'over'],
  passkey: ['signed-in', 'change', 'refused', 'wait'],
  'step-up': ['signed-in', 'refused', 'not-enough', 'wait', 'over'],
} as const;
export type SignInWay = keyof typeof SIGN_INS;
export type SignInOutcome<Way extends SignInWay = SignInWay> = (typeof SIGN_INS)[Way][number];
const WAYS = Object.keys(SIGN_INS) as readonly SignInWay[];

/** The names of the protocol's routes, as the library gives them; its answers to CORS preflights are `cors`. */
export const PROTOCOL_ROUTES = [
  ...['authorization', 'resume', 'token', 'userinfo', 'jwks', 'discovery', 'introspection', 'revocation'],
  ...['end_session', 'end_session_confirm', 'end_session_success', 'pushed_authorization_request'],
  ...['device_authorization', 'code_verification', 'device_resume', 'backchannel_authentication'],
  ...['registration', 'client', 'client_update', 'client_delete', 'cors', 'other'],
] as const;
/** What is neither a row of a table nor the protocol's. */
export const OTHER_ROUTES = ['files', 'probe', 'turned-away', 'unknown'] as const;

export const GRANTS = [
  ...['authorization_code', 'refresh_token', 'client_credentials'],
  ...['urn:ietf:params:oauth:grant-type:device_code', 'urn:openid:params:grant-type:ciba', 'other'],
] as const;

const ROUTE =
  'a row of [routes.md](routes.md), a route of the protocol (`openid:token` …), `files`, `probe`, `turned-away`, `unknown`';

export const METRICS = {
  claveunica_http_requests_total: {
    type: 'counter',
    help: 'requests that were answered',
    labels: {
      listener: ['public', 'console'],
      route: ROUTE,
      method: ['GET', 'POST', 'other'],
      status: ['2xx', '3xx', '4xx', '5xx'],
    },
    of: 'together',
  },
  claveunica_http_request_duration_seconds: {
    type: 'histogram',
    help: 'from the arrival of a request to its answer',
    labels: { listener: ['public', 'console'], route: ROUTE, method: ['GET', 'POST', 'other'] },
    of: 'together',
  },
  claveunica_turned_away_total: {
    type: 'counter',
    help: 'requests that were not served: `crowd`, strangers while the process is too busy; `limit`, too many of one network; or a part of ours that was away or had too much to do',
    labels: { why: ['crowd', 'limit', 'hasher', 'strength', 'signer', 'audit', 'store', 'other'] },
    of: 'together',
  },
  claveunica_hung_up_total: {
    type: 'counter',
    help: 'clients that were gone before their answer had gone out',
    labels: { listener: ['public', 'console'] },
    of: 'together',
  },
  claveunica_sign_ins_total: {
    type: 'counter',
    help: 'steps of sign-ins, by what was shown and how it went on: `factor`, `step` and `change` go on with another page, `wait` is throttled, `busy` could not be looked at',
    labels: { way: WAYS, outcome: [...new Set(Object.values(SIGN_INS).flat())] },
    of: 'together',
    series: WAYS.flatMap((way) => SIGN_INS[way].map((outcome) => ({ way, outcome }))),
  },
  claveunica_token_requests_total: {
    type: 'counter',
    help: 'calls of the token endpoint',
    labels: { grant: GRANTS, outcome: ['issued', 'refused'] },
    of: 'together',
  },
  claveunica_site_steps_total: {
    type: 'counter',
    help: 'what the integration doctor noted of sites: `kept`; `crowded`, more than is noted in a second; `lost`, as it could not be written',
    labels: { outcome: ['kept', 'crowded', 'lost'] },
    of: 'together',
  },
  claveunica_hash_wait_seconds: {
    type: 'histogram',
    help: 'how long a password waited for its hash',
    labels: {},
    of: 'together',
  },
  claveunica_hash_duration_seconds: {
    type: 'histogram',
    help: 'how long the hash itself took',
    labels: {},
    of: 'together',
  },
  claveunica_hashes: {
    type: 'gauge',
    help: 'password hashes that are made or wait at this moment',
    labels: { state: ['running', 'waiting'] },
    of: 'process',
  },
  claveunica_strangers: {
    type: 'gauge',
    help: 'requests of browsers in which nobody has signed in before, at work or in the line before it',
    labels: { state: ['inside', 'waiting'] },
    of: 'process',
  },
  claveunica_waiting_room: {
    type: 'gauge',
    help: 'people who wait in the line before a sign-in, as far as this process has seen them; with several processes each sees its share',
    labels: {},
    of: 'process',
  },
  claveunica_strangers_room: {
    type: 'gauge',
    help: 'how many of those may be at work at once; it shrinks while the process comes late to everything',
    labels: {},
    of: 'process',
  },
  claveunica_connections: {
    type: 'gauge',
    help: 'open connections at PORT',
    labels: {},
    of: 'process',
  },
  claveunica_postgres_connections: {
    type: 'gauge',
    help: 'connections of the pool that serves requests; at most ten a process',
    labels: { state: ['used', 'free'] },
    of: 'process',
  },
  claveunica_postgres_waiting: {
    type: 'gauge',
    help: 'who waits for one of those connections',
    labels: {},
    of: 'process',
  },
  claveunica_redis_connected: {
    type: 'gauge',
    help: '1 while the process is connected to Redis; absent without REDIS_URL',
    labels: {},
    of: 'process',
  },
  claveunica_part_up: {
    type: 'gauge',
    help: 'what `/readyz` says: 1 for each part that answers and takes changes; `process` is 0 once it leaves',
    labels: { part: ['process', 'postgres', 'redis'] },
    of: 'process',
  },
  claveunica_processes: {
    type: 'gauge',
    help: 'processes of this start that should serve, and those whose figures are in this answer',
    labels: { state: ['wanted', 'answering'] },
    of: 'together',
  },
  claveunica_database_figures_up: {
    type: 'gauge',
    help: '1 when all figures of the database are in this answer',
    labels: {},
    of: 'database',
  },
  claveunica_jobs: {
    type: 'gauge',
    help: 'jobs in the database, each counted once and no more than 100,000: `waiting`, as they should; `retrying`, failed and tried again; `dead`, given up',
    labels: { job: ['letter', 'backchannel-logout', 'other'], state: ['waiting', 'retrying', 'dead'] },
    of: 'database',
  },
  claveunica_jobs_late_seconds: {
    type: 'gauge',
    help: 'for how long the job has been due that waits longest',
    labels: { job: ['letter', 'backchannel-logout', 'other'] },
    of: 'database',
  },
  claveunica_audit_blocks: {
    type: 'gauge',
    help: 'blocks of the chain of the audit log',
    labels: {},
    of: 'database',
  },
  claveunica_audit_unsealed_seconds: {
    type: 'gauge',
    help: 'the age of the oldest record that no block holds yet; 0 when all are sealed',
    labels: {},
    of: 'database',
  },
  claveunica_signing_key_rotation_seconds: {
    type: 'gauge',
    help: 'until the next key signs; below zero it is overdue',
    labels: { alg: SIGNING_ALGS },
    of: 'database',
  },
  claveunica_people_in_line: {
    type: 'gauge',
    help: 'people who stand in any line to be identified',
    labels: {},
    of: 'database',
  },
} as const satisfies Record<string, Spec>;

export type MetricName = keyof typeof METRICS;
export type MetricOf<Type extends Spec['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never;
}[MetricName];
type Values<Label> = Label extends readonly (infer Value extends string)[] ? Value : string;
export type LabelsOf<Name extends MetricName> = {
  readonly [Label in keyof (typeof METRICS)[Name]['labels']]: Values<(typeof METRICS)[Name]['labels'][Label]>;
};

const SPECS = new Map<string, Spec>(Object.entries(METRICS));
/** By any name; undefined for those of the library. */
export const specOf = (name: string): Spec | undefined => SPECS.get(name);
