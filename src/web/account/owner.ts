import type { Owner } from '../../flows/owner.ts';
import type { AccountVisit } from '../kit/row.ts';

/** Who acts at her own account, as the flows want to know her. */
export function ownerOf(visit: AccountVisit): Owner {
  const { account, session, links, device, deviceName, network, source, requestId, frame } = visit;
  return { account, uid: session.uid, links, device, deviceName, network, source, requestId, lang: frame.lang };
}
