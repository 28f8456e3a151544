import { randomFillSync } from 'node:crypto';

/** To ask for random bytes costs more than a thousand of them: so many are fetched at once. */
const STOCK = 4096;

/**
 * Random bytes of the system's generator, out of a stock of this process. What was given out is wiped from the stock, and
 * never given again.
 */
export function randomStock(size = STOCK): (bytes: number) => Buffer {
  const stock = Buffer.alloc(size);
  let used = size;
  return (bytes) => {
    if (bytes > size) return randomFillSync(Buffer.alloc(bytes));
    if (used + bytes > size) {
      randomFillSync(stock);
      used = 0;
    }
    const [from, to] = [used, used + bytes];
    used = to;
    const taken = Buffer.from(stock.subarray(from, to));
    stock.fill(0, from, to);
    return taken;
  };
}

export const random = randomStock();
