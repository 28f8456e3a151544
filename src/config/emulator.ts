import { z } from 'zod';

const file = z.string().min(1).optional();

/** What the emulator alone is told; production refuses it. */
export const emulatorVariables = {
  CLIENTS_FILE: file.describe(
    'emulator: state websites to register at the start, a JSON array of OpenID client metadata',
  ),
  PEOPLE_FILE: file.describe('emulator: a JSON file of its people, instead of `config/demo-people.json`'),
  CONFORMANCE: z
    .enum(['0', '1'])
    .default('0')
    .describe('emulator: 1 offers all that the OpenID Foundation’s conformance suite asks for'),
};
