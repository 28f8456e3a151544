import { chromium, type Browser } from 'playwright-core';

/**
 * The last `--disable-features` counts alone: playwright's, as far as they are for Chromium on Linux, and then the lists
 * under the address field, two processes a window that no page sees anything of.
 */
const WITHOUT = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...[
    'HttpsFirstBalancedModeAutoEnable',
    'LensOverlay',
    'MediaRouter',
    'PaintHolding',
    'ThirdPartyStoragePartitioning',
  ],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled'],
  ...['PreconnectToSearch', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
];

const start = (executablePath: string, more: readonly string[]): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--disable-features=${WITHOUT.join(',')}`, ...more],
  });

/** Debian's Chromium, or the one that TEST_CHROMIUM names; `more` are switches of its command line. */
export const launchWhole = (...more: readonly string[]): Promise<Browser> =>
  start(process.env['TEST_CHROMIUM'] ?? '/usr/bin/chromium', more);

/** The same without windows, where it is installed: enough for all but cameras, and a third of the work. */
export const launch = (...more: readonly string[]): Promise<Browser> => {
  const shell = process.env['TEST_SHELL'];
  return shell === undefined ? launchWhole(...more) : start(shell, more);
};
