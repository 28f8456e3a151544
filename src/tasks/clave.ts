#!/usr/bin/env node
import { ConfigError } from '../config.ts';
import { asUnavailable } from '../domain/fault.ts';
import { openAccess } from './commands/access.ts';
import { auditCommands } from './commands/audit.ts';
import { clientCommands } from './commands/client.ts';
import { codeCommands } from './commands/code.ts';
import { COMMON, Failure, optionTable, table, WrongUsage, wordsOf, type Command } from './commands/command.ts';
import { doctorCommand } from './commands/doctor.ts';
import { incidentCommands } from './commands/incident.ts';
import { keyCommands } from './commands/keys.ts';
import { letterCommands } from './commands/letters.ts';
import { officeCommands } from './commands/office.ts';
import { migrateCommand } from './commands/migrate.ts';
import { peopleCommands } from './commands/people.ts';
import { passwordCommands } from './commands/passwords.ts';
import { compromiseCommand } from './commands/compromise.ts';
import { staffCommands } from './commands/staff.ts';

const COMMANDS: readonly Command[] = [
  migrateCommand,
  ...clientCommands,
  ...peopleCommands,
  compromiseCommand,
  ...staffCommands,
  ...officeCommands,
  ...codeCommands,
  ...letterCommands,
  ...keyCommands,
  ...passwordCommands,
  ...auditCommands,
  ...incidentCommands,
  doctorCommand,
];

/** The operator's command (INTERFACE, starting). Answers with the exit code: 0 done, 1 failed, 2 wrong usage. */
async function main(args: readonly string[]): Promise<number> {
  const flags = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const json = flags.includes('--json');
  const { command, words, rest } = find(args);
  const access = openAccess();
  // A Postgres that we have started must not stay behind.
  const leaving = new AbortController();
  const stop = (code: number) => () => {
    // A terminal tells npm as well, which tells us again.
    if (leaving.signal.aborted) return;
    leaving.abort();
    void access.close().finally(() => process.exit(code));
  };
  process.on('SIGINT', stop(130)).on('SIGTERM', stop(143));
  try {
    if (flags.includes('--help') || flags.includes('-h')) {
      console.log(command?.help ?? overview(words));
      return 0;
    }
    if (!command)
      throw new WrongUsage(words.length === 0 ? 'which command?' : `there is no command ${words.join(' ')}`);
    const result = await command.run(rest, access);
    console.log(json ? JSON.stringify(result.json, null, 2) : result.text);
    return result.failed ? 1 : 0;
  } catch (error) {
    // What breaks then, breaks because we leave.
    if (leaving.signal.aborted) return 1;
    const wrong = error instanceof WrongUsage;
    const usage = command ? `usage: ${command.usage}` : overview(words);
    console.error(wrong ? `${plain(error)}\n\n${usage}` : plain(error));
    if (json) console.log(JSON.stringify({ error: plain(error) }, null, 2));
    return wrong ? 2 : 1;
  } finally {
    await access.close();
  }
}

/** The command whose name the line begins with; `--json` and `--help` may stand before it. */
function find(args: readonly string[]) {
  const at = args.findIndex((word) => !word.startsWith('-'));
  const line = at === -1 ? [] : args.slice(at);
  const end = line.findIndex((word) => word.startsWith('-'));
  const words = end === -1 ? line : line.slice(0, end);
  const command = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
  const before = at === -1 ? args : args.slice(0, at);
  return { command, words, rest: [...before, ...line.slice(command?.name.split(' ').length)] };
}

function overview([first]: readonly string[]): string {
  const family = COMMANDS.filter(({ name }) => name.split(' ')[0] === first);
  const shown = family.length > 0 ? family : COMMANDS;
  return [
    'clave COMMAND … (`clave COMMAND --help` shows its options)',
    table(shown.map(({ name, summary }) => [`  ${name}`, firstSentence(summary)])),
    optionTable(COMMON),
    'Settings come from the environment, as for the product: `clave doctor` shows what is in force.\nExit: 0 done, 1 failed, 2 wrong usage.',
  ].join('\n\n');
}

/** A summary may go on; a line of the overview has room for its beginning. */
const firstSentence = (summary: string) => summary.replace(/\.\s[^]*/, '.').replaceAll('\n', ' ');

/** What has a name among operators is said in one line; a mistake of ours shows where it is. */
function plain(error: unknown): string {
  if (error instanceof WrongUsage || error instanceof Failure || error instanceof ConfigError) return error.message;
  const away = asUnavailable(error);
  if (away) return `Postgres does not answer: ${wordsOf(away.cause ?? away)}`;
  // A TypeError and its like are ours; `error` is what the driver of Postgres calls its own.
  if (error instanceof Error && !['Error', 'error'].includes(error.name)) return error.stack ?? error.message;
  return wordsOf(error);
}

process.exitCode = await main(process.argv.slice(2));
