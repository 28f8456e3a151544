import { parseArgs } from 'node:util';

export type Options = { readonly reset: boolean; readonly rp: string | undefined };

const HELP = `npm start -- [--reset] [--rp REDIRECT_URI]

  --reset   empty the emulator first
  --rp URI  register a relying party with that redirect URI, and print what it needs

Everything else is set by variables of the environment: see the README.`;

/** What stands behind `npm start --`. Ends the process for `--help` and for what it does not know. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        reset: { type: 'boolean', default: false },
        rp: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (!values.help) return { reset: values.reset, rp: values.rp };
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exit(2);
  }
}
