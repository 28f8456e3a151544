import { writtenCode } from '../../domain/code.ts';
import { IDENTIFIED } from '../../domain/account.ts';
import { parseContact } from '../../domain/contact-change.ts';
import type { Renewal } from '../../domain/renewal.ts';
import { parseRun, writtenRun } from '../../domain/run.ts';
import { enrolFromDemo } from '../../flows/demo-person.ts';
import { issueActivationCode, type CodeIssued } from '../../flows/issue-code.ts';
import { command, Failure, WrongUsage, type Given } from './command.ts';
import { operatorName } from './operator.ts';

type Refusal = Extract<CodeIssued, { kind: 'refused' }>['reason'];
const REFUSALS: Readonly<Record<Refusal, string>> = {
  unknown: 'nobody with this RUN has been identified: there is no account to activate',
  'not-waiting':
    'this account does not wait for its activation; who lost a ClaveÚnica recovers it, and whoever was identified again since gets a code with --identified',
  'no-mail': 'there is no e-mail in this account: use --print',
  'no-contact': 'with --identified an address of hers is needed, for the second code: --email or --phone',
  'too-many': 'this RUN had five codes within a day: wait until tomorrow',
};

function renewalOf(given: Given<'identified' | 'email' | 'phone'>): Renewal | undefined {
  const identified = given.choice('identified', IDENTIFIED);
  const [email, phone] = [given.maybe('email'), given.maybe('phone')];
  if (!identified) {
    if (email === undefined && phone === undefined) return undefined;
    throw new WrongUsage('--email and --phone go with --identified');
  }
  const read = (what: 'email' | 'phone', typed: string | undefined) => {
    const value = typed === undefined ? undefined : parseContact(what, typed);
    if (typed !== undefined && value === undefined) throw new WrongUsage(`--${what} is none`);
    return value;
  };
  return { identified, email: read('email', email), phone: read('phone', phone) };
}

const issue = command({
  name: 'code issue',
  summary:
    'Issues an activation code for somebody who was identified. It is shown this once (--print, 72 hours) or goes to her e-mail without being shown (--mail, 24 hours); a code from before is worth nothing any more. With --identified for an account that exists: by who lost everything, or was blocked, and has been identified again; the code replaces her contact, ClaveÚnica and second factors when it is used.',
  options: {
    run: { value: 'R', needed: true, meaning: 'whose, in any spelling' },
    print: { meaning: 'show the code, to be handed over; the default' },
    mail: { meaning: 'send it by mail instead' },
    identified: { value: 'LEVEL', meaning: `how she was identified again: ${IDENTIFIED.join(', ')}` },
    email: { value: 'ADDRESS', meaning: 'with --identified: her e-mail from now on' },
    phone: { value: 'E164', meaning: 'with --identified: her telephone from now on, as +56911111111' },
  },
  run: async (given, access) => {
    const run = parseRun(given.text('run'));
    if (!run) throw new WrongUsage('--run is not a RUN: its check digit is wrong');
    if (given.flag('print') && given.flag('mail')) throw new WrongUsage('--print or --mail, not both');
    const by = given.flag('mail') ? 'mail' : 'print';
    const renewal = renewalOf(given);
    // Both codes would come to one mailbox, to which nobody else has spoken.
    if (renewal && by === 'mail') throw new WrongUsage('with --identified the code is handed over: --print');
    const { config, parts } = await access.ready();
    if (config.emulator) await enrolFromDemo(parts, run);
    const outcome = await issueActivationCode(parts, { run, by, renewal, details: { operator: operatorName() } });
    if (outcome.kind === 'refused') throw new Failure(REFUSALS[outcome.reason]);
    const until = new Date(outcome.until).toISOString();
    const where = `${config.origin}/activar`;
    if (outcome.kind === 'mailed')
      return {
        json: { run: writtenRun(run), mailed: true, until, activate: where },
        text: `sent by mail; it is good until ${until}`,
      };
    const code = writtenCode(outcome.code);
    return {
      json: { run: writtenRun(run), code, until, activate: where },
      text: `${code}\n\nFor ${writtenRun(run)}, at ${where}, until ${until}. Hand it over now: it is not stored, and is not shown again.`,
    };
  },
});

/** `clave code …` */
export const codeCommands = [issue];
