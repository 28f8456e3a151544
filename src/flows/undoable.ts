import type { Parts, Tx } from '../parts.ts';

/** A transaction that may find out late that it must not be: `undo` leaves nothing of it, and says what is answered instead. */
export async function undoable<Answer>(
  { transaction }: Pick<Parts, 'transaction'>,
  work: (tx: Tx, undo: (answer: Answer) => never) => Promise<Answer>,
): Promise<Answer> {
  const thrown = new Map<unknown, { readonly answer: Answer }>();
  try {
    return await transaction((tx) =>
      work(tx, (answer) => {
        const undone = new Error('undone');
        thrown.set(undone, { answer });
        throw undone;
      }),
    );
  } catch (error) {
    const instead = thrown.get(error);
    if (instead) return instead.answer;
    throw error;
  }
}
