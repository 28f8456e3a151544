import { helpPage } from '#views/pages/help.ts';
import { homePage } from '#views/pages/home.ts';
import type { Act } from './kit/row.ts';

export const showHome: Act = async ({ frame, config }) => {
  const demo = config.demoPort > 0 ? `http://localhost:${String(config.demoPort)}/` : '/emulador';
  return { status: 200, page: homePage(frame, config.emulator ? { emulator: { demo } } : {}) };
};

export const showHelp: Act = async ({ frame, config }, parts) => {
  // Whoever reads this may do so because something is away: the telephone is there all the same.
  const offices = await parts.offices.list().catch(() => []);
  return { status: 200, page: helpPage(frame, { phone: config.helpPhone, origin: config.origin, offices }) };
};
