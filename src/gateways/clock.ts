/** The machine's time, milliseconds. */
export const systemClock = (): number => Date.now();

export type EmulatorClock = { readonly ahead: () => number; readonly set: (seconds: number) => void };

/**
 * The emulator can move its clock forward. The protocol library and its JWT code read `Date` themselves, so the global
 * one is replaced, before anything has been computed with it, and in the emulator alone (LIBRARY, traps).
 */
export function installEmulatorClock(): EmulatorClock {
  const RealDate = Date;
  let ahead = 0;
  const now = () => RealDate.now() + ahead * 1000;
  // A function and no proxy: each request asks many times, and a proxy takes twice as long.
  function MovedDate(...args: readonly unknown[]): Date | string {
    const made: unknown = new.target;
    if (typeof made !== 'function') return new RealDate(now()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, made) as Date;
  }
  for (const name of ['length', 'name', 'prototype', 'parse', 'UTC'] as const)
    Object.defineProperty(MovedDate, name, Object.getOwnPropertyDescriptor(RealDate, name) ?? {});
  Reflect.set(globalThis, 'Date', Object.assign(MovedDate, { now }));
  return {
    ahead: () => ahead,
    set: (seconds) => {
      // Never back: what has expired stays expired.
      ahead = Math.max(ahead, seconds);
    },
  };
}
