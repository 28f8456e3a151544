/** Loaded before the server under test (`--import`): answers what only a process itself can tell. */
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

const session = new Session();

async function answer(question: unknown): Promise<unknown> {
  const [name, file] = Array.isArray(question) ? (question as unknown[]) : [];
  switch (name) {
    case 'memory': {
      // Twice: what has finalisers goes in the second.
      await globalThis.gc?.({ execution: 'async', type: 'major' });
      await globalThis.gc?.({ execution: 'async', type: 'major' });
      return process.memoryUsage();
    }
    case 'profile':
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 500 });
      await session.post('Profiler.start');
      return undefined;
    case 'profiled': {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      writeFileSync(String(file), JSON.stringify(profile));
      return undefined;
    }
    default:
      throw new Error(`probe: ${String(name)}?`);
  }
}

process.on('message', (question: unknown) => {
  answer(question).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
// Nothing stays behind when the benchmark is killed.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
