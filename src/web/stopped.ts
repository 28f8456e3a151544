import { messagePage } from '#views/pages/message.ts';
import type { Switch } from '../domain/switch.ts';
import type { Parts } from '../parts.ts';
import type { Act, Visit } from './kit/row.ts';

type Stoppable = Extract<Switch, 'recovery-stopped' | 'enrolment-stopped'>;

/**
 * A page that answers as long as nobody has flipped that switch; else it says so calmly, and where to go. Who is
 * spared has something already that she must be able to look at, move and give back.
 */
export const unlessStopped =
  <V extends Visit>(
    name: Stoppable,
    act: Act<V>,
    spared: (visit: V, parts: Parts) => Promise<boolean> = async () => false,
  ): Act<V> =>
  async (visit, parts) => {
    if (!(await parts.switches.flipped()).has(name) || (await spared(visit, parts))) return act(visit, parts);
    const { frame } = visit;
    const to = { href: '/ayuda#oficinas', label: frame.words.ways.offices };
    const also = { href: '/', label: frame.words.ways.home };
    return { status: 503, retryAfter: 3600, page: messagePage(frame, { kind: name, to, also }) };
  };
