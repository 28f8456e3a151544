import { userInfo } from 'node:os';
import type { Parts } from '../../parts.ts';

/** Which account of the machine runs a command, for the record. A container may run as a number without a name. */
export function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 0}`;
  }
}

/** Every event that a command writes says which account of the machine ran it, and what the flow cannot know. */
export function byOperator(
  parts: Pick<Parts, 'transaction'>,
  more: Readonly<Record<string, string>> = {},
): Parts['transaction'] {
  const operator = operatorName();
  return (work) =>
    parts.transaction((tx) =>
      work({
        ...tx,
        audit: {
          ...tx.audit,
          add: (event) => tx.audit.add({ ...event, details: { ...event.details, ...more, operator } }),
        },
      }),
    );
}
