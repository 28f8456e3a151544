import { pino } from 'pino';
import type { Config } from '../config.ts';
import { asUnavailable } from '../domain/fault.ts';

/** Whoever reads the log is as quick as that, or is gone. */
const READER_MS = 500;

/**
 * One JSON line an event, on stderr. Of faults only what helps: no values of queries, no bodies. `written` is for the
 * end of the process.
 */
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
  const out = pino.destination({ dest: 2, sync: false });
  const log = pino({ level: logLevel, base: null, redact, serializers: { err } }, out);
  return Object.assign(log, { written: () => writtenOut(out) });
}

/**
 * Once all lines are out, or nobody reads them any more. At the exit of the process pino would try to write what is left
 * for ever, if its reader is gone: after this it does not.
 */
async function writtenOut(out: ReturnType<typeof pino.destination>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const late = setTimeout(resolve, READER_MS);
  out.once('drain', resolve).once('error', () => resolve());
  // Nothing, after all that waits: then it is drained.
  out.write('');
  await promise;
  clearTimeout(late);
  out.flushSync = () => undefined;
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
