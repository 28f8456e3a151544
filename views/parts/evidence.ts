import type { Action, Channel, Exception, Tick } from '#src/domain/checklist.ts';
import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import type { Words } from '../words.ts';
import { factsPart } from './facts.ts';
import { inPlainWords } from './moment.ts';

/** A session, as who has to judge it sees it. */
export type SeenSession = {
  readonly session: number;
  readonly channel: Channel;
  readonly officer: string;
  readonly at: number;
  readonly result: keyof Words['desk']['agenda']['results'];
  readonly drawn: readonly Action[];
  readonly ticks: readonly Tick[];
  readonly document: string | undefined;
  readonly registry: keyof Words['checks']['registry']['says'] | undefined;
  /** And who let it pass. */
  readonly exceptions: readonly { readonly kind: Exception; readonly by: string }[];
  readonly words: string | undefined;
};

/** What was checked, in words; whoever reads it, the log says so. */
export function evidencePart({ lang, words }: Frame, one: SeenSession, now: number): Page {
  const [l, c, w] = [words.desk.history.labels, words.checks, words.desk];
  return factsPart([
    [l.at, inPlainWords({ lang, words, at: one.at, now })],
    [l.officer, one.officer],
    [l.channel, w.agenda.channels[one.channel]],
    [l.result, w.agenda.results[one.result]],
    [l.drawn, one.drawn.map((action) => c.actions[action]).join(' ')],
    [l.ticks, one.ticks.map((tick) => tickInWords(words, tick)).join(' · ')],
    [l.document, one.document],
    [l.registry, one.registry && c.registry.says[one.registry]],
    [l.exceptions, one.exceptions.map(({ kind, by }) => `${c.exception.kinds[kind]} (${by})`).join(' · ')],
    [l.words, one.words],
  ]);
}

function tickInWords({ checks: w }: Words, tick: Tick): string {
  const [kind = '', ...rest] = tick.split('-');
  const name = rest.join('-');
  const of: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    action: w.actions,
    feature: w.features,
    printed: w.printed,
    likeness: w.likeness,
  };
  const items: Readonly<Record<string, string>> = w.items;
  const said = of[kind]?.[name];
  if (said === undefined) return items[tick] ?? tick;
  return kind === 'printed' || kind === 'likeness'
    ? `${kind === 'printed' ? w.items.document : w.items.likeness}: ${said}`
    : said;
}
