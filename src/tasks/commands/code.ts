import { writtenCode } from '../../domain/code.ts';
import { parseRun, writtenRun } from '../../domain/run.ts';
import { enrolFromDemo } from '../../flows/demo-person.ts';
import { issueActivationCode, type CodeIssued } from '../../flows/issue-code.ts';
import { command, Failure, WrongUsage } from './command.ts';
import { operatorName } from './operator.ts';

type Refusal = Extract<CodeIssued, { kind: 'refused' }>['reason'];
const REFUSALS: Readonly<Record<Refusal, string>> = {
  unknown: 'nobody with this RUN has been identified: there is no account to activate',
  'not-waiting': 'this account does not wait for its activation; who lost a ClaveÚnica recovers it',
  'no-mail': 'there is no e-mail in this account: use --print',
  'too-many': 'this RUN had five codes within a day: wait until tomorrow',
};

const issue = command({
  name: 'code issue',
  summary:
    'Issues an activation code for somebody who was identified. It is shown this once (--print, 72 hours) or goes to her e-mail without being shown (--mail, 24 hours); a code from before is worth nothing any more.',
  options: {
    run: { value: 'R', needed: true, meaning: 'whose, in any spelling' },
    print: { meaning: 'show the code, to be handed over; the default' },
    mail: { meaning: 'send it by mail instead' },
  },
  run: async (given, access) => {
    const run = parseRun(given.text('run'));
    if (!run) throw new WrongUsage('--run is not a RUN: its check digit is wrong');
    if (given.flag('print') && given.flag('mail')) throw new WrongUsage('--print or --mail, not both');
    const by = given.flag('mail') ? 'mail' : 'print';
    const { config, parts } = await access.ready();
    if (config.emulator) await enrolFromDemo(parts, run);
    const outcome = await issueActivationCode(parts, { run, by, details: { operator: operatorName() } });
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
