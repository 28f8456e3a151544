import { judgeByRule } from '../../../src/domain/password-policy.ts';
import type { Strength } from '../../../src/gateways/strength.ts';

/** The rules without the dictionaries, of which a few words stand here. */
export function ruleStrength({ minimum = 12 }: { minimum?: number } = {}): Strength {
  return {
    minimum,
    warm: () => undefined,
    async judge(typed, own) {
      const verdict = judgeByRule(typed, own, minimum);
      if (verdict.kind !== 'unread') return verdict;
      const { password } = verdict;
      if (password === 'football1234') return { kind: 'weak', reason: 'common', minimum };
      if (new Set(password).size < 4) return { kind: 'weak', reason: 'guessable', minimum };
      return { kind: 'fine', password };
    },
  };
}
