import { z } from 'zod';
import { IDENTIFIED, STATUSES } from '../../domain/account.ts';
import { mendedCode, parseActivationCode, writtenCode } from '../../domain/code.ts';
import { normalPassword } from '../../domain/password.ts';
import { postFault } from '../../domain/post.ts';
import { parseDocument } from '../../domain/registry.ts';
import { AGENCIES, ROLES } from '../../domain/roles.ts';
import { checkDigit, parseRun, writtenRun } from '../../domain/run.ts';

type Context = { addIssue(issue: { code: 'custom'; message: string }): void };

/** A text that `parse` understands; `why` tells of one that it does not. */
const read = <T>(parse: (typed: string) => T | undefined, why: (typed: string) => string) =>
  z.string().transform((typed, context: Context) => {
    const value = parse(typed);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: why(typed) });
    return z.NEVER;
  });

/** Whoever invents a person can't guess what the rest of her RUN would be. */
function whyNoRun(typed: string): string {
  const [, digits] = /^0*(\d{1,8})-[\dk]$/i.exec(typed.replaceAll('.', '')) ?? [];
  return `${typed} is no RUN${digits === undefined ? ': 12.345.678-5, say' : `: its check digit would be ${checkDigit(Number(digits))}`}`;
}

function whyNoActivation(typed: string): string {
  const mended = mendedCode(typed);
  return `${typed} is no activation code: ${mended === undefined ? 'fourteen characters, 5KG5-J1E4-FHQH-Q6, say' : `${writtenCode(mended)} would be one`}`;
}

const name = z.string().trim().min(1);
const base32 = z.string().regex(/^[A-Z2-7]{16,128}$/, 'must be base 32: capital letters and 2 to 7, sixteen at least');

const post = z
  .strictObject({
    roles: z.array(z.enum(ROLES)).min(1),
    agency: z.enum(AGENCIES).optional(),
    office: z.string().optional(),
    institution: z.string().optional(),
  })
  .refine((staff) => postFault(staff) !== 'agency-missing', {
    error: `officers and supervisors need an agency: ${AGENCIES.join(' or ')}`,
  })
  .refine((staff) => postFault(staff) !== 'institution-missing', {
    error: 'administrators of an institution need that institution',
  });

/** Somebody of the emulator: a row of `config/demo-people.json`, or of `PEOPLE_FILE`. */
export const person = z.strictObject({
  run: read((typed) => {
    const run = parseRun(typed);
    return run && writtenRun(run);
  }, whyNoRun),
  names: z.array(name).min(1),
  surnames: z.array(name).min(1),
  birthdate: z.iso.date().optional(),
  email: z.email().optional(),
  emailVerified: z.boolean().optional(),
  phone: z.e164().optional(),
  phoneVerified: z.boolean().optional(),
  /** False: known to the civil registry, without an account. */
  account: z.boolean().default(true),
  status: z.enum(STATUSES).default('active'),
  identified: z.enum(IDENTIFIED).default('presencial'),
  password: read(normalPassword, () => 'no password can be so: 1 to 128 characters').optional(),
  totp: base32.optional(),
  /** The activation code that waits for somebody. */
  activation: read((typed) => {
    const code = parseActivationCode(typed);
    return code && writtenCode(code);
  }, whyNoActivation).optional(),
  documento: read(parseDocument, (typed) => `${typed} is no document number: 100200300, say`).optional(),
  /** In the console. */
  staff: post.optional(),
  note: z.string().default(''),
});

export type DemoPerson = z.output<typeof person>;
