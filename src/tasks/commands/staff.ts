import { fullName } from '../../domain/account.ts';
import { AGENCIES, ROLES, type Role, type Staff } from '../../domain/roles.ts';
import { parseRun, writtenRun, type Run } from '../../domain/run.ts';
import { grantFirst } from '../../flows/staff.ts';
import type { Parts } from '../../parts.ts';
import { command, Failure, table, WrongUsage } from './command.ts';
import { byOperator } from './operator.ts';

const FAULTS = {
  'no-role': '--role is needed',
  'agency-missing': `--agency is needed for officers and supervisors: ${AGENCIES.join(' or ')}`,
  'institution-missing': '--institution is needed for administrators of an institution',
  nobody: 'there is no active account of that RUN',
  'no-office': 'there is no such office, or it is of another agency: see `clave office list`',
} as const;

const runOption = { value: 'RUN', needed: true, meaning: 'whose, in any spelling' } as const;

const grant = command({
  name: 'staff grant',
  summary:
    'Makes somebody the first administrator. Name all her roles: those of before that are not named are hers no more. As soon as two could decide together, the console is the only way (R-64); in the emulator it always works.',
  options: {
    run: runOption,
    role: { value: 'R', needed: true, repeated: true, meaning: ROLES.join(', ') },
    agency: { value: 'A', meaning: `of officers and supervisors: ${AGENCIES.join(' or ')}` },
    office: { value: 'O', meaning: 'the office where they work, by its id or its name' },
    institution: { value: 'I', meaning: 'of administrators of an institution' },
  },
  run: async (given, access) => {
    const run = runOf(given.text('run'));
    const roles = given.all('role').map(roleOf);
    const { config, parts } = await access.ready();
    const post = {
      roles,
      ...{ agency: given.choice('agency', AGENCIES), office: given.maybe('office') },
      institution: given.maybe('institution'),
    };
    const outcome = await grantFirst(
      { ...parts, transaction: byOperator(parts) },
      { run, post, always: config.emulator },
    );
    switch (outcome.kind) {
      case 'granted': {
        const name = await nameOf(parts, run);
        const rows = [
          ['granted', roles.join(', ')],
          ['to', `${name}, ${writtenRun(run)}`],
          ['where', whereOf(post)],
          ['from', `the next sign-in at ${config.consoleOrigin}, with a passkey`],
        ];
        return { json: { name, ...post, state: 'invited' }, text: table(rows.filter(([, said]) => said !== '')) };
      }
      case 'faulty':
        if (outcome.fault === 'no-office') throw new Failure(FAULTS['no-office']);
        throw new WrongUsage(FAULTS[outcome.fault]);
      case 'nobody':
        throw new Failure(FAULTS.nobody);
      case 'house-is-full':
        throw new Failure('two could decide together already: invite in the console, where a second person approves');
    }
  },
});

const revoke = command({
  name: 'staff revoke',
  summary: 'Disables a member of staff at once; she is out within five seconds (R-64).',
  options: {
    run: runOption,
    reason: { value: 'R', needed: true, meaning: 'why, for the record: no names and no RUN' },
  },
  run: async (given, access) => {
    const run = runOf(given.text('run'));
    const { parts } = await access.ready();
    const account = (await parts.accounts.forLogin(run))?.account;
    const staff = account && (await parts.staff.byId(account.id));
    if (!account || !staff) throw new Failure('no member of staff has that RUN');
    const at = parts.clock();
    await byOperator(parts)(async (tx) => {
      await tx.staff.setState(account.id, 'disabled', at);
      await tx.journeys.endOf(account.id, { kinds: ['console'] });
      const details = { words: given.text('reason').slice(0, 500), by: 'operator of the machine' };
      await tx.audit.add({ kind: 'staff-disabled', at, accountId: account.id, details });
    });
    return { json: { state: 'disabled', was: staff.state }, text: `disabled (was ${staff.state})` };
  },
});

const list = command({
  name: 'staff list',
  summary: 'Lists those who work with the product.',
  run: async (_given, access) => {
    const { parts } = await access.ready();
    const staff = await Promise.all((await parts.staff.list({})).map((one) => named(parts, one)));
    const rows = staff.map(({ name, roles, agency, office, institution, state }) => [
      ...[state, roles.join(' '), whereOf({ agency, office, institution }), name],
    ]);
    const text = rows.length === 0 ? 'nobody yet' : table([['state', 'roles', 'where', 'name'], ...rows]);
    return { json: { staff }, text };
  },
});

const whereOf = ({ agency, office, institution }: Pick<Staff, 'agency' | 'office' | 'institution'>): string =>
  [agency, office, institution].filter(Boolean).join(', ');

async function nameOf({ accounts }: Pick<Parts, 'accounts'>, run: Run): Promise<string> {
  const found = await accounts.forLogin(run);
  return found ? fullName(found.account.person) : '';
}

async function named({ accounts }: Pick<Parts, 'accounts'>, staff: Staff) {
  const account = await accounts.byId(staff.accountId);
  return { ...staff, name: account ? fullName(account.person) : '' };
}

function runOf(typed: string) {
  const run = parseRun(typed);
  if (!run) throw new WrongUsage('--run is no RUN: 12.345.678-5, say');
  return run;
}

function roleOf(typed: string): Role {
  const role = ROLES.find((name) => name === typed);
  if (!role) throw new WrongUsage(`--role is one of ${ROLES.join(', ')}`);
  return role;
}

/** `clave staff …` */
export const staffCommands = [grant, revoke, list];
