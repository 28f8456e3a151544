#!/usr/bin/env node
import { ConfigError } from '../config.ts';
import { asUnavailable } from '../domain/fault.ts';
import { openAccess } from './commands/access.ts';
import { clientCommands } from './commands/client.ts';
import { COMMON, Failure, optionTable, table, WrongUsage, wordsOf, type Command } from './commands/command.ts';
import { doctorCommand } from './commands/doctor.ts';
import { migrateCommand } from './commands/migrate.ts';

const COMMANDS: readonly Command[] = [migrateCommand, ...clientCommands, doctorCommand];

/** The operator's command (INTERFACE, starting). Answers with the exit code: 0 done, 1 failed, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  const flags = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const json = flags.includes('--json');
  const access = openAccess();
  // A Postgres that we have started must not stay behind.
  const stop = (code: number) => () => void access.close().finally(() => process.exit(code));
  process.once('SIGINT', stop(130)).once('SIGTERM', stop(143));
  try {
    const found = find(args);
    if (flags.includes('--help') || flags.includes('-h')) {
      console.log(found.command?.help ?? overview(found.words));
      return 0;
    }
    if (!found.command)
      throw new WrongUsage(`${found.words.length === 0 ? 'which command?' : `no command ${found.words.join(' ')}`}\n\n${overview()}`);
    const result = await found.command.run(found.rest, access).catch((error: unknown) => {
      if (error instanceof WrongUsage) error.message += `\n\nusage: ${found.command.usage}`;
      throw error;
    });
    console.log(json ? JSON.stringify(result.json, null, 2) : result.text);
    return result.failed ? 1 : 0;
  } catch (error) {
    const message = plain(error);
    console.error(message);
    if (json) console.log(JSON.stringify({ error: message }, null, 2));
    return error instanceof WrongUsage ? 2 : 1;
  } finally {
    await access.close();
  }
}
