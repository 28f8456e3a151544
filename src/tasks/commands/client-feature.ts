import { FEATURES } from '../../domain/client.ts';
import { parseRun } from '../../domain/run.ts';
import { giveFeatures, proposeFeaturesFor } from '../../flows/client-features.ts';
import { featureWords } from '../../flows/create-client.ts';
import { featuresOf, jsonOf, metadata } from './client-input.ts';
import { byOperator } from './operator.ts';
import { command, Failure, WrongUsage } from './command.ts';

const GONE = 'there is no site of an institution with that id';

/** `clave client feature …`: what a single site has beyond the plain code flow (SECURITY, decision 12). */
export const clientFeature = command({
  name: 'client feature',
  summary:
    'Says which features a state website has, all of them anew. In production it is a proposal: another administrator agrees in the console within a day; in the emulator it holds at once. ID is its client_id.',
  operands: ['ID'],
  options: {
    feature: { value: 'F', repeated: true, meaning: `${FEATURES.join(', ')}; without any it has none` },
    metadata: { value: 'FILE', meaning: 'what belongs to them in the words of OpenID, JSON; else it keeps what fits' },
    run: { value: 'RUN', meaning: 'in production: the administrator (role operator) who proposes it' },
    reason: { value: 'R', meaning: 'in production: why, for the record: no names and no RUN' },
  },
  run: async (given, access) => {
    const [clientId = ''] = given.operands;
    const features = featuresOf(given.all('feature'));
    const { config, parts } = await access.ready();
    const wish = { features, metadata: await jsonOf(given.maybe('metadata'), metadata) };
    const recorded = { ...parts, transaction: byOperator(parts, {}) };
    const json = { client_id: clientId, features };
    if (config.emulator) {
      const outcome = await giveFeatures(recorded, { clientId, wish });
      if (outcome.kind === 'gone') throw new Failure(GONE);
      if (outcome.kind === 'faulty') throw new Failure(outcome.faults.map(featureWords).join('\n'));
      return {
        json: { ...json, state: 'given' },
        text: `${clientId} has now: ${features.join(', ') || 'no features'}`,
      };
    }
    const run = parseRun(given.maybe('run') ?? '');
    const reason = given.maybe('reason')?.trim() ?? '';
    if (!run) throw new WrongUsage('--run is needed: whose proposal it is, 12.345.678-5, say');
    if (reason.length < 10 || reason.length > 500) throw new WrongUsage('--reason has 10 to 500 characters');
    const outcome = await proposeFeaturesFor(recorded, run, { clientId, wish, reason });
    switch (outcome.kind) {
      case 'proposed':
        return { json: { ...json, state: 'proposed' }, text: 'proposed: another administrator agrees in the console' };
      case 'waiting':
        throw new Failure('something about this site waits for a second person already');
      case 'faulty':
        throw new Failure(outcome.faults.map(featureWords).join('\n'));
      case 'gone':
        throw new Failure(GONE);
      case 'nobody':
        throw new Failure('no active administrator (role operator) has that RUN');
    }
  },
});
