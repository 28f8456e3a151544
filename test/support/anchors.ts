import type { Anchors } from '../../src/gateways/anchors.ts';

type Anchor = Parameters<Anchors['add']>[0];

/** As somebody keeps them outside: an array that may grow. */
export const anchorsIn = (all: readonly Anchor[]): Anchors => ({
  add: async () => undefined,
  of: async (first, last) => all.filter(({ block }) => block >= first && block <= last),
  newest: async () => Math.max(0, ...all.map(({ block }) => block)),
  forget: async () => undefined,
});
