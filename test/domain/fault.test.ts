import test from 'ava';
import { asUnavailable, Unavailable } from '../../src/domain/fault.ts';

const fault = (message: string, more: Readonly<Record<string, unknown>> = {}) =>
  Object.assign(new Error(message), more);

/** As the drivers throw them; `test/stores/connections.test.ts` provokes what can be provoked. */
const AWAY = {
  'pg: nobody listens': fault('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' }),
  'pg: nobody listens at two addresses': Object.assign(new AggregateError([fault('one'), fault('two')]), {
    code: 'ECONNREFUSED',
  }),
  'pg: the name is unknown': fault('getaddrinfo ENOTFOUND db', { code: 'ENOTFOUND' }),
  'pg: the name can’t be asked for now': fault('getaddrinfo EAI_AGAIN db', { code: 'EAI_AGAIN' }),
  'pg: no network': fault('connect ENETUNREACH 10.0.0.1:5432', { code: 'ENETUNREACH' }),
  'pg: cut off': fault('read ECONNRESET', { code: 'ECONNRESET' }),
  'pg: written to nobody': fault('write EPIPE', { code: 'EPIPE' }),
  'pg: ended': fault('Connection terminated unexpectedly'),
  'pg: ended in the middle of a transaction': fault(
    'ROLLBACK - Client has encountered a connection error and is not queryable',
  ),
  'pg: given up': fault('ROLLBACK - Client was closed and is not queryable'),
  'pg: does not answer to a connection': fault('timeout expired'),
  'pg: does not answer to a query': fault('select 1 - Query read timeout'),
  'pg: shut down': fault('terminating connection due to administrator command', { code: '57P01' }),
  'pg: starting': fault('the database system is starting up', { code: '57P03' }),
  'pg: a standby': fault('cannot execute UPDATE in a read-only transaction', { code: '25006' }),
  'pg: full': fault('sorry, too many clients already', { code: '53300' }),
  'pg: no disk': fault('could not extend file', { code: '53100' }),
  'pg: statement timeout': fault('canceling statement due to statement timeout', { code: '57014' }),
  'pg: no memory': fault('out of memory', { code: '53200' }),
  'pg: a pooler without a server, or a mistake of ours': fault('bind message supplies 1 parameters', { code: '08P01' }),
  'pg: connection failure': fault('connection failure', { code: '08006' }),
  'knex: no connection in the pool': fault('Knex: Timeout acquiring a connection.', { name: 'KnexTimeoutError' }),
  'ioredis: not connected': fault("Stream isn't writeable and enableOfflineQueue options is false"),
  'ioredis: closed': fault('Connection is closed.'),
  'ioredis: no answer': fault('Command timed out'),
  'ioredis: no retries left': fault('Reached the max retries per request limit', { name: 'MaxRetriesPerRequestError' }),
  'ioredis: connect': fault('connect ETIMEDOUT', { code: 'ETIMEDOUT', syscall: 'connect' }),
  'redis: a replica': fault("READONLY You can't write against a read only replica.", { name: 'ReplyError' }),
  'redis: loading': fault('LOADING Redis is loading the dataset in memory', { name: 'ReplyError' }),
  'redis: full': fault("OOM command not allowed when used memory > 'maxmemory'.", { name: 'ReplyError' }),
  'redis: no disk': fault('MISCONF Redis is configured to save RDB snapshots', { name: 'ReplyError' }),
  'redis: no master': fault('MASTERDOWN Link with MASTER is down', { name: 'ReplyError' }),
  'redis: a master that must not be alone': fault('NOREPLICAS Not enough good replicas to write.'),
  'ioredis: a cluster that is not whole': fault("Cluster isn't ready and enableOfflineQueue options is false"),
  'ioredis: none of a cluster': fault('None of startup nodes is available'),
  'ioredis: a cluster that sends to and fro': fault('Too many Cluster redirections. Last error: MOVED 1 127.0.0.1:1'),
  'redis: half a cluster': fault('CLUSTERDOWN The cluster is down', { name: 'ReplyError' }),
};
for (const [name, error] of Object.entries(AWAY)) {
  test(`${name}: is a store that is away (R-95, R-96)`, (t) => {
    const away = asUnavailable(error);
    t.is(away?.part, 'store');
    // What the system says of a connection is anybody's, until a store has put its name on it.
    const named = !/^[A-Z_]+$/.test(String(Reflect.get(error, 'code')));
    t.is(away?.store, named ? (/^(pg|knex)/.test(name) ? 'postgres' : 'redis') : undefined);
    t.is(away?.doubtful, /answer to a query|no answer|statement timeout|memory|or a mistake/.test(name));
    t.is(away?.cause, error);
    t.true((away?.retryAfter ?? 0) >= 1);
    t.is(asUnavailable(new Error('wrapped', { cause: new Error('twice', { cause: error }) }))?.cause, error);
    if (!named) t.is(asUnavailable(Object.assign(error, { store: 'postgres' }))?.store, 'postgres');
  });
}

const MISTAKES = {
  'a unique violation': fault('duplicate key value', { code: '23505' }),
  'a syntax error': fault('syntax error at or near "selct"', { code: '42601' }),
  'a missing table': fault('relation "x" does not exist', { code: '42P01' }),
  'permission denied': fault('permission denied for table audit', { code: '42501' }),
  'a wrong password of ours': fault('password authentication failed', { code: '28P01' }),
  'a reply of Redis': fault('WRONGTYPE Operation against a key', { name: 'ReplyError' }),
  'a word in the middle': fault('the value was READONLY'),
  'a type error': new TypeError('x is not a function'),
  'a number for a code': fault('x', { code: 57014 }),
  'a cause that is no error': new Error('x', { cause: 'ECONNREFUSED' }),
};
for (const [name, error] of Object.entries(MISTAKES))
  test(`${name}: is a mistake of ours, not a store that is away`, (t) => t.is(asUnavailable(error), undefined));

test('what is no error is none', (t) => {
  for (const thrown of [undefined, null, 'ECONNREFUSED', { code: 'ECONNREFUSED' }, 57014])
    t.is(asUnavailable(thrown), undefined);
});

test('an Unavailable stays the one it is', (t) => {
  const away = new Unavailable('hasher', { retryAfter: 7 });
  t.is(asUnavailable(away), away);
  t.is(asUnavailable(new Error('x', { cause: away })), away);
  t.deepEqual(
    [away.name, away.part, away.retryAfter, away.message],
    ['Unavailable', 'hasher', 7, 'hasher is not available'],
  );
});

test('an error that is its own cause is looked at and left', (t) => {
  const error = new Error('round');
  error.cause = error;
  t.is(asUnavailable(error), undefined);
});
