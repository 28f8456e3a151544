import type { Identified } from '../../domain/account.ts';
import type { Channel } from '../../domain/checklist.ts';
import type { By, Move, Stage } from '../../domain/enrolment.ts';

export type Moved = {
  readonly move: Move;
  readonly from: Stage;
  readonly to: Stage;
  readonly by: By;
  readonly at: number;
};

export type MoveRow = {
  move: Move;
  from_stage: Stage;
  to_stage: Stage;
  by_kind: By['kind'];
  by_id: string | null;
  at: string;
};

export const movedOf = ({ move, from_stage, to_stage, by_kind, by_id, at }: MoveRow): Moved => ({
  ...{ move, from: from_stage, to: to_stage, by: { kind: by_kind, id: by_id ?? undefined }, at: Number(at) },
});

/** What a move writes beside the stage; what is left out stays, null empties. */
export type Written = {
  readonly channel?: Channel;
  readonly office?: string | null;
  readonly level?: Identified;
  readonly officer?: string | null;
  readonly sessions?: number;
  readonly contactConfirmedAt?: number;
  readonly identifiedAt?: number;
  readonly accountId?: string;
  readonly expiresAt?: number;
};

export function columns({ officer, contactConfirmedAt, identifiedAt, accountId, expiresAt, ...plain }: Written) {
  return {
    ...plain,
    ...(officer !== undefined && { officer_id: officer }),
    ...(contactConfirmedAt !== undefined && { contact_confirmed_at: contactConfirmedAt }),
    ...(identifiedAt !== undefined && { identified_at: identifiedAt }),
    ...(accountId !== undefined && { account_id: accountId }),
    ...(expiresAt !== undefined && { expires_at: expiresAt }),
  };
}
