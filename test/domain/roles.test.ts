import test from 'ava';
import { ACTS, isEverywhere, mayTry, permits, ROLES, RULES, type Staff, type Target } from '../../src/domain/roles.ts';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const YEAR = 365 * 86_400_000;
const staff = (differing: Partial<Staff> = {}): Staff => ({
  ...{
    accountId: 'me',
    roles: ['supervisor'],
    agency: 'ips',
    office: 'centro',
    state: 'active',
    trainedAt: NOW - 1,
    createdAt: 0,
  },
  ...differing,
});
const reason = { kind: 'case', text: 'la ciudadana llamó por teléfono' } as const;
const asking = { now: NOW, provedAt: NOW - MINUTE, reason };
const target: Target = {
  accountId: 'her',
  agency: 'ips',
  office: 'centro',
  institution: 'muni',
  proposedBy: 'other',
  drawnFor: 'me',
};

test('R-63: each role may do what its row of the table says, and nothing else', (t) => {
  for (const role of ROLES)
    for (const act of ACTS) {
      const may = (RULES[act].roles as readonly string[]).includes(role);
      const one = staff({ roles: [role], institution: 'muni' });
      const expected = may ? { kind: 'allowed' } : { kind: 'denied', lacks: 'role' };
      t.deepEqual(permits(one, act, { target, asking }), expected as ReturnType<typeof permits>, `${role}: ${act}`);
      t.is(mayTry(one, act), may);
    }
});

test('R-64: who is invited or disabled may do nothing', (t) => {
  for (const state of ['invited', 'disabled'] as const)
    for (const act of ACTS)
      t.deepEqual(permits(staff({ roles: ROLES, state }), act, { target, asking }), { kind: 'denied', lacks: 'role' });
});

const WITHOUT: Record<string, { staff?: Partial<Staff>; target?: Target; asking?: object }> = {
  'not-self': { target: { accountId: 'me' } },
  'same-agency': { target: { agency: 'registro-civil' } },
  'same-office': { target: { office: 'otra' } },
  'same-institution': { target: { institution: 'hospital' } },
  'second-person': { target: { proposedBy: 'me' } },
  reason: { asking: { reason: { kind: 'case', text: '  porque sí ' } } },
  fresh: { asking: { provedAt: NOW - 5 * MINUTE - 1 } },
  trained: { staff: { trainedAt: NOW - YEAR - 1 } },
  drawn: { target: { drawnFor: 'other' } },
};

test('R-54, R-61, R-63: what a row needs besides the role is needed each time', (t) => {
  for (const act of ACTS)
    for (const condition of RULES[act].needs) {
      const without = WITHOUT[condition];
      const [role] = RULES[act].roles;
      const one = staff({ roles: [role], institution: 'muni', ...without?.staff });
      const about = { target: { ...target, ...without?.target }, asking: { ...asking, ...without?.asking } };
      t.deepEqual(permits(one, act, about), { kind: 'denied', lacks: condition }, `${act} without ${condition}`);
    }
});

test('R-63: of every agency is only what a role opens that belongs to none, whatever else she is', (t) => {
  for (const act of ACTS) {
    const open: readonly string[] = RULES[act].roles.filter((role) => role === 'operator' || role === 'auditor');
    for (const role of ROLES) {
      const both = staff({ roles: ['supervisor', role] });
      t.is(isEverywhere(both, act), open.includes(role), `supervisor, ${role}: ${act}`);
      t.false(isEverywhere({ ...both, state: 'disabled' }, act));
      const far = permits(both, act, { target: { ...target, agency: 'registro-civil' }, asking }).kind === 'allowed';
      if ((RULES[act].needs as readonly string[]).includes('same-agency'))
        t.is(far, open.includes(role), `supervisor, ${role}: ${act} of another agency`);
    }
  }
});

test('an operator works for every agency and institution', (t) => {
  const one = staff({ roles: ['operator'], agency: undefined });
  t.is(permits(one, 'staff propose', { target: { accountId: 'her' }, asking }).kind, 'allowed');
  t.is(permits(one, 'client list', { target: {}, asking }).kind, 'allowed');
});
