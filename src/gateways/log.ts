import { pino } from 'pino';
import type { Config } from '../config.ts';
import { asUnavailable } from '../domain/fault.ts';

/** One JSON line an event, on stderr. Of faults only what helps: no values of queries, no bodies. */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>) {
  const err = (error: unknown): unknown => {
    if (!(error instanceof Error)) return String(error);
    const { name, message, stack, cause } = error;
    const code = 'code' in error ? error.code : undefined;
    return { name, message: message.slice(0, 1000), code, stack, ...(cause !== undefined && { cause: err(cause) }) };
  };
  const redact = [
    'password',
    'code',
    'token',
    'cookie',
    'authorization',
    'run',
    'email',
    'phone',
    '*.password',
    '*.run',
  ];
  return pino(
    { level: logLevel, base: null, redact, serializers: { err } },
    pino.destination({ dest: 2, sync: false }),
  );
}

/** What a library says of something that is meant to be so: bodies of forms are read before it (CONTRACT, token). */
const MEANT = /already parsed request body detected/;

/** Libraries that write on the console write into the log as well: stderr holds JSON lines alone, stdout what we say. */
export function captureConsole(log: Pick<ReturnType<typeof createLog>, 'info' | 'warn'>): void {
  const write =
    (level: 'info' | 'warn') =>
    (...said: unknown[]) => {
      const text = said.map(String).join(' ').slice(0, 500);
      // The job runner prints what it throws as well, once for each of its workers.
      const isAway = said.some((each) => asUnavailable(each)?.store !== undefined);
      if (!MEANT.test(text) && !isAway) log[level]({ console: text }, 'console');
    };
  console.info = write('info');
  console.warn = write('warn');
  console.trace = write('warn');
}
