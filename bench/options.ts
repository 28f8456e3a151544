import { parseArgs } from 'node:util';

export type Options = {
  readonly json: boolean;
  readonly write: boolean;
  readonly profile: boolean;
  /** How often all servers are started anew: one process differs from the next by a tenth, as it happened to start. */
  readonly launches: number;
  /** Rounds of each launch. */
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUp: number;
  /** Logins before the first round, the same number for each server: V8 goes on compiling the product for three thousand. */
  readonly preheat: number;
  readonly concurrency: number;
  readonly starts: number;
  /** Seconds that may be spent on waiting for quiet, and on windows that strangers have spoilt. */
  readonly patience: number;
};

const HELP = `npm run bench -- [options]

Measures the product beside the yardstick (bench/yardstick.ts), each server pinned to the first core, everything else
to the others. About twenty-five minutes, more on a machine that others use too. The table goes to stdout, progress to stderr; any wrong answer ends in exit code 1.

  --quick          one short round: to see that it works, not to compare
  --json           everything that was measured, as JSON, instead of the table
  --write          puts the tables into docs/measured.md, between its markers
  --profile        only a CPU profile of the product under login, SSO and userinfo: the costliest modules and functions
  --audit          only the console's tables with fifty million events (or another number that follows), sealing, verifying
  --booking        only the hours of 300 offices, and 2,000 people at once for 500 places
  --clients        only authorize with 100 clients and with 10,000, and a FAPI login beside a plain one; two minutes
  --growth         only what a login costs with 10,000 accounts and with 1,000,000 (or two other numbers that follow)
  --launches N     how often all servers are started anew: one start differs from the next by a tenth (3)
  --rounds N       rounds after each start, in each of which every server has its turn (2)
  --seconds N      length of a window of load (4)
  --concurrency N  users at once (12)
  --patience N     seconds to spend on waiting for a quiet machine and on repeating windows that others disturbed (900)
  --help           this`;

/** Ends the process for `--help` and for what it does not know. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
        ...{ write: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
        ...{ launches: { type: 'string' }, rounds: { type: 'string' }, seconds: { type: 'string' } },
        ...{ concurrency: { type: 'string' }, patience: { type: 'string' } },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(HELP);
      process.exit(0);
    }
    const { json, write, profile, quick } = values;
    return {
      ...{ json, write, profile },
      launches: positive('launches', values.launches, quick ? 1 : 3),
      rounds: positive('rounds', values.rounds, quick ? 1 : 2),
      seconds: positive('seconds', values.seconds, quick ? 2 : 4),
      warmUp: quick ? 1 : 2,
      preheat: quick ? 20 : 3000,
      concurrency: positive('concurrency', values.concurrency, 12),
      starts: quick ? 1 : 3,
      patience: positive('patience', values.patience, quick ? 1 : 900),
    };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}

function positive(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} must be a whole number above 0`);
}
