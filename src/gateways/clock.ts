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
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
  return {
    ahead: () => ahead,
    set: (seconds) => {
      // Never back: what has expired stays expired.
      ahead = Math.max(ahead, seconds);
    },
  };
}
