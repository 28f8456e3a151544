import { chromium, type Browser } from 'playwright-core';

/** Debian's Chromium, or the one that TEST_CHROMIUM names. */
export const launch = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...more],
  });
