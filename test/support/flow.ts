import { parseRun, type Run } from '../../src/domain/run.ts';
import { enrolFromDemo } from '../../src/flows/demo-person.ts';
import { issueActivationCode } from '../../src/flows/issue-code.ts';
import type { Parts } from '../../src/parts.ts';
import type { Letter } from '../../src/stores/outbox.ts';
import type { browser } from './browser.ts';
import type { Memory } from './memory.ts';

type User = ReturnType<typeof browser>;

/** A good one that nobody of the demo has. */
export const NEW_CLAVE = 'litre canelo maitén arrayán';

/** In the registry of the emulator, without an account. */
export const PEDRO = parseRun('22.222.222-2')!;

/** The newest letter of that kind; on memory parts nobody sends them. */
export function letterOf<K extends Letter['letter']>(
  { tables }: Pick<Memory, 'tables'>,
  kind: K,
): (Letter & { readonly letter: K }) | undefined {
  return [...tables.outbox.values()].filter((letter) => letter.letter === kind).at(-1) as
    (Letter & { readonly letter: K }) | undefined;
}
export const codeOf = (parts: Pick<Memory, 'tables'>, kind: 'recovery-code' | 'confirmation-code'): string =>
  letterOf(parts, kind)?.code ?? '';

/** An officer has identified somebody and hands over the code. */
export async function officersCode(parts: Parts, run: Run = PEDRO): Promise<string> {
  await enrolFromDemo(parts, run);
  const issued = await issueActivationCode(parts, { run, by: 'print' });
  if (issued.kind !== 'issued') throw new Error(`no code: ${JSON.stringify(issued)}`);
  return issued.code;
}

/** Asks for a code and is where it is typed. */
export const askFor = async (user: User, run: string) => user.submit('/recuperar?nuevo', { run });

/** With the code in hand, up to where the ClaveÚnica is chosen. */
export const enterCode = async (user: User, run: string, codigo: string) =>
  user.submit('/recuperar/codigo', { run, codigo });

/** Chooses a ClaveÚnica, typed twice. */
export const choose = async (user: User, path: string, typed: string | readonly [string, string]) => {
  const [password, password2] = typeof typed === 'string' ? [typed, typed] : typed;
  return user.submit(path, { password, password2 });
};

/** The main button of a page: where it leads, and what is on it. */
export function mainButton(text: string): { readonly href: string; readonly label: string } {
  const [, href = '', label = ''] = /<a class="boton boton-principal" href="([^"]*)"[^>]*>([^<]*)</.exec(text) ?? [];
  return { href: href.replaceAll('&amp;', '&'), label };
}
