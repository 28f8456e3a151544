import type { ClaveProblem } from '../flows/choose-clave.ts';
import type { Reply, Visit } from './kit/row.ts';

/** «Comprobar», for the script of the form (`views/assets/clave.js`). */
export function verdictJson({ frame }: Pick<Visit, 'frame'>, problem: ClaveProblem | undefined): Reply {
  const w = frame.words.clave;
  if (!problem) return { status: 200, json: { good: true, ...w.fine } };
  const { title, text } = w.problem[problem.reason];
  return { status: 200, json: { good: false, title, text: typeof text === 'string' ? text : text(problem.minimum) } };
}
