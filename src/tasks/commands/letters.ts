import type { Stuck } from '../../stores/outbox.ts';
import { command, table, WrongUsage } from './command.ts';

const MOST = 1000;

const list = command({
  name: 'letters list',
  summary:
    'Lists letters that could not be sent, the oldest first: those that are tried again and those given up (dead).',
  run: async (_given, access) => {
    const { parts } = await access.ready();
    const stuck = await parts.outbox.stuck(MOST);
    const head = ['id', 'letter', 'state', 'tries', 'since', 'next try', 'error'];
    return {
      json: { letters: stuck.map(described) },
      text: stuck.length === 0 ? 'no letter is stuck' : table([head, ...stuck.map(row)]),
    };
  },
});

const retry = command({
  name: 'letters retry',
  summary: 'Tries letters again at once: those with the given ids, or all that are stuck.',
  options: {
    id: { value: 'ID', repeated: true, meaning: 'one of `letters list`; may be given several times' },
    all: { meaning: 'all that are stuck' },
  },
  run: async (given, access) => {
    const ids = given.all('id');
    if (given.flag('all') === ids.length > 0) throw new WrongUsage('either --id or --all');
    if (!ids.every((id) => /^\d{1,18}$/.test(id))) throw new WrongUsage('--id is a number of `letters list`');
    const { parts } = await access.ready();
    const count = await parts.outbox.retry(given.flag('all') ? 'all' : ids);
    return { json: { retried: count }, text: `${String(count)} will be tried again now` };
  },
});

/** `clave letters …` */
export const letterCommands = [list, retry];

const described = ({ id, letter, accountId, dead, tries, since, next, error }: Stuck) => ({
  ...{ id, letter, account: accountId, dead, tries, since: since.toISOString(), next: next?.toISOString(), error },
});
const row = (stuck: Stuck): readonly string[] => {
  const { id, letter, dead, tries, since, next, error } = described(stuck);
  return [id, letter, dead ? 'dead' : 'waiting', String(tries), since, next ?? '-', error.split('\n')[0] ?? ''];
};
