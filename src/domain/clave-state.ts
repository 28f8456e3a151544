/** What is known of somebody's ClaveÚnica beside its hash. */
export type ClaveState = {
  /** Milliseconds; undefined when there is none. */
  readonly changedAt: number | undefined;
  /** There is evidence that somebody else knows it. */
  readonly compromised: boolean;
};

/**
 * Whether another one has to be chosen before anything is opened: on evidence that it is known, or when it is older than
 * the moment at which all were called in. Never for its age alone.
 */
export const mustChange = ({ changedAt, compromised }: ClaveState, calledInAt: number | undefined): boolean =>
  compromised || (changedAt !== undefined && calledInAt !== undefined && changedAt < calledInAt);
