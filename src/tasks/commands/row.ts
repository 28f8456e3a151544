/** What one look at the installation found, and what to do about it. */
export type Row = {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly found: string;
  readonly next?: string;
};

export const ok = (check: string, found: string): Row => ({ check, level: 'ok', found });
export const warn = (check: string, found: string, next: string): Row => ({ check, level: 'warn', found, next });
export const fail = (check: string, found: string, next: string): Row => ({ check, level: 'fail', found, next });
