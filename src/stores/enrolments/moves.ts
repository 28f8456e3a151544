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
