import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Access } from './access.ts';

/** What may follow a command's name as `--option`; one without `value` is a switch. */
export type Option = {
  readonly meaning: string;
  /** How the help calls its value. */
  readonly value?: string;
  readonly needed?: true;
  readonly repeated?: true;
};

/** What stood on the line, by the names that the command declares. */
export type Given<Name extends string> = {
  readonly operands: readonly string[];
  /** Of an option that is needed. */
  text(name: Name): string;
  maybe(name: Name): string | undefined;
  all(name: Name): readonly string[];
  flag(name: Name): boolean;
  choice<Choice extends string>(name: Name, choices: readonly Choice[]): Choice | undefined;
};

/** `json` for programs, `text` for people; `failed` says that the answer itself is bad news. */
export type Result = { readonly json: unknown; readonly text: string; readonly failed?: boolean };

type Spec<Name extends string> = {
  readonly name: string;
  readonly summary: string;
  readonly operands?: readonly string[];
  readonly options?: Readonly<Record<Name, Option>>;
  readonly run: (given: Given<Name>, access: Access) => Promise<Result>;
};

/** A row of the table in `clave.ts`. */
export type Command = {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly help: string;
  readonly run: (args: readonly string[], access: Access) => Promise<Result>;
};

/** The line was wrong: exit 2. */
export class WrongUsage extends Error {}
/** It could not be done, for a reason that the operator understands: exit 1. */
export class Failure extends Error {}

/** Common to all commands, and answered before one runs. */
export const COMMON = {
  json: { meaning: 'answer as JSON, for programs' },
  help: { meaning: 'show this help' },
} satisfies Record<string, Option>;

/** Makes a row of the table; `run` sees a line that has all it needs, and nothing that it does not know. */
export function command<Name extends string = never>(spec: Spec<Name>): Command {
  const { name, summary, operands = [] } = spec;
  const options: Readonly<Record<string, Option>> = spec.options ?? {};
  const line = Object.entries(options).map(([option, { value, needed, repeated }]) => {
    const one = `--${option}${value === undefined ? '' : ` ${value}`}`;
    return `${needed ? one : `[${one}]`}${repeated ? '…' : ''}`;
  });
  const usage = ['clave', name, ...operands, ...line].join(' ');
  const help = `${usage}\n\n${summary}\n\n${optionTable({ ...options, ...COMMON })}`;
  return { name, summary, usage, help, run: (args, access) => spec.run(read({ args, operands, options }), access) };
}

/** Options and what they mean, one a line. */
export function optionTable(options: Readonly<Record<string, Option>>): string {
  return table(
    Object.entries(options).map(([name, { value = '', meaning }]) => [`  --${name} ${value}`.trimEnd(), meaning]),
  );
}

type Line = {
  readonly args: readonly string[];
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
};

function read<Name extends string>({ args, operands, options }: Line): Given<Name> {
  const { values, positionals } = parsed({ args, operands, options });
  const all = (name: string) => {
    const value = values[name];
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  };
  const faults = Object.entries(options).flatMap(([name, { needed, repeated }]) => [
    ...(needed && all(name).every((item) => item.trim() === '') ? [`--${name} is needed`] : []),
    ...(!repeated && all(name).length > 1 ? [`--${name} may be given once only`] : []),
  ]);
  if (positionals.length < operands.length) faults.unshift(`${operands.slice(positionals.length).join(' ')} is needed`);
  if (positionals.length > operands.length)
    faults.unshift(`not understood: ${positionals.slice(operands.length).join(' ')}`);
  if (faults.length > 0) throw new WrongUsage(faults.join('\n'));
  return {
    operands: positionals,
    all,
    maybe: (name) => all(name)[0],
    text: (name) => all(name)[0] ?? '',
    flag: (name) => values[name] === true,
    choice: (name, choices) => {
      const [value] = all(name);
      const chosen = choices.find((choice) => choice === value);
      if (value !== undefined && chosen === undefined)
        throw new WrongUsage(`--${name} is one of ${choices.join(', ')}, not ${value}`);
      return chosen;
    },
  };
}

function parsed({ args, options }: Line) {
  const known: NonNullable<ParseArgsConfig['options']> = {
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, { value }] of Object.entries(options))
    known[name] = value === undefined ? { type: 'boolean' } : { type: 'string', multiple: true };
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw new WrongUsage(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Aligned columns. What others have typed must not reach the terminal's ear (R-74). */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map((cell) => cell.replace(/\p{Cc}/gu, '?')));
  const width = (column: number) => Math.max(...clean.map((row) => row[column]?.length ?? 0));
  return clean
    .map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(width(column)))).join('  '))
    .join('\n');
}

/** What a fault says, also when it hides it: a refused connection to two addresses has no message of its own. */
export function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
