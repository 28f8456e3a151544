import { userInfo } from 'node:os';

/** Which account of the machine runs a command, for the record. A container may run as a number without a name. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 0}`;
  }
}
