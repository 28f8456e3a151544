import { AUDIT_KEPT } from '../../domain/lifetimes.ts';
import { command, table } from './command.ts';

const HOUR = 3_600_000;
const STEP = 100_000;

const WORDS: Readonly<Record<string, string>> = {
  'row-changed': 'a row is not as it was sealed',
  'row-missing': 'rows are missing before this one',
  'row-added': 'a row was put in after its block was sealed',
  'block-changed': 'the block is not as it was sealed, or does not follow the one before it',
  'block-missing': 'the block is missing',
  'block-not-signed': 'the block is not signed by our key',
  'chain-cut': 'the end of the chain is missing: an anchor names this block',
  'chain-replaced': 'the chain was made anew: an anchor has another hash for this block',
  'expired-early': 'its rows were deleted before their time',
};

const verify = command({
  name: 'audit verify',
  summary:
    'Reads the whole audit log, its chain and its anchors, and names the first place that is not as it was (R-72).',
  run: async (_given, access) => {
    const { parts, config } = await access.ready();
    const { auditChain, anchors } = await access.reach(config, HOUR);
    const begun = performance.now();
    let told = 0;
    const progress = (rows: number) => {
      if (rows - told < STEP || !process.stderr.isTTY) return;
      told = rows;
      process.stderr.write(`\r${rows.toLocaleString('en')} rows`);
    };
    const known = await anchors.all();
    const found = await auditChain.verify({ anchors: known, kept: AUDIT_KEPT * 1000, progress });
    if (told > 0) process.stderr.write('\r');
    const seconds = (performance.now() - begun) / 1000;
    const { breach, ...seen } = found;
    const publicKey = await auditChain.publicKey();
    const rows = [
      [
        'rows',
        `${seen.rows.toLocaleString('en')} as they were sealed, ${seen.unsealed.toLocaleString('en')} not sealed yet`,
      ],
      [
        'blocks',
        `${seen.blocks.toLocaleString('en')}, ${seen.expired.toLocaleString('en')} of them past their retention`,
      ],
      ['anchors', anchorWords(known.length, seen.anchors)],
      ['public key', publicKey],
      ['seconds', seconds.toFixed(1)],
    ];
    const verdict = breach
      ? `BROKEN at block ${String(breach.block)}${breach.row === undefined ? '' : `, row ${breach.row}`}: ${WORDS[breach.kind] ?? breach.kind}`
      : 'the audit log is whole';
    const json = { whole: breach === undefined, ...seen, breach: breach ?? null, publicKey, checkedAt: parts.clock() };
    return { json, text: `${verdict}\n\n${table(rows)}`, failed: breach !== undefined };
  },
});

const anchorWords = (known: number, met: number) =>
  known === 0 ? 'none here: compare with those that the log says' : `${String(met)} of ${String(known)} agree`;

/** `clave audit …` */
export const auditCommands = [verify];
