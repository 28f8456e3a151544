import test from 'ava';
import { parseRun } from '../../src/domain/run.ts';
import { noteArrival } from '../../src/flows/arrivals.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import { endCase } from '../../src/flows/end-case.ts';
import { colleague, inLine, inSession } from '../support/desk.ts';

const OTHER = parseRun('12.345.678-5')!;
const HERS = parseRun('11.111.111-1')!;

/** An officer with nobody before her, a colleague, and somebody at home with a case. */
async function quiet() {
  const house = await inSession();
  const { parts, officer, caseId } = house;
  await endCase(parts, officer, { caseId, way: { result: 'rejected', rejection: 'picture-poor' } });
  const hers = await inLine(parts, { run: HERS, email: 'ella@correo.example' });
  await parts.queues.leave(hers);
  return { ...house, hers, other: await colleague(parts, OTHER, ['officer']) };
}

test('R-54: who notes that somebody has come is not given her: nobody picks a case', async (t) => {
  const { parts, officer, other, hers } = await quiet();
  t.deepEqual(await noteArrival(parts, officer, HERS), { kind: 'arrived' });
  t.deepEqual(await drawNext(parts, officer, 'office'), { kind: 'none' });
  t.like(await drawNext(parts, other, 'office'), { kind: 'drawn', caseId: hers });
});
