import { mrzCheck, spelled } from '../../domain/mrz.ts';
import type { Run } from '../../domain/run.ts';

/** Dates ISO. */
type Wish = {
  readonly run: Run;
  readonly number: string;
  readonly birthdate: string;
  readonly expiry: string;
  readonly names: readonly string[];
  readonly surnames: readonly string[];
  readonly issuer?: string;
};

/** The three lines of somebody's card. */
export function cardOf({ run, number, birthdate, expiry, names, surnames, issuer = 'CHL' }: Wish): string {
  const short = (date: string) => date.slice(2).replaceAll('-', '');
  const field = (text: string, length: number) => text.slice(0, length).padEnd(length, '<');
  const checked = (text: string) => text + mrzCheck(text);
  const first = `IN${issuer}${checked(field(number, 9))}${field('', 15)}`;
  const dates = [checked(short(birthdate)), checked(short(expiry))] as const;
  const optional = field(run.replace('-', '<'), 11);
  const composite = mrzCheck(first.slice(5) + dates[0] + dates[1] + optional);
  const name = field(`${spelled(surnames.join(' '))}<<${spelled(names.join(' '))}`.replaceAll(' ', '<'), 30);
  return [first, `${dates[0]}M${dates[1]}${issuer}${optional}${composite}`, name].join('\n');
}
