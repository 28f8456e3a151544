import type { Act, Reply } from './kit/row.ts';

/** Where password managers send people who want to change it (W3C, «A Well-Known URL for Changing Passwords»). */
export const toPasswordChange: Act = async () => ({ status: 303, to: '/cuenta/clave' });

/** Where passkeys are made and kept (W3C, «A Well-Known URL for Relying Party Passkey Endpoints»). */
export const listPasskeyEndpoints: Act = async ({ config }) => {
  const at = `${config.origin}/cuenta/factores`;
  return { status: 200, json: { enroll: at, manage: at } };
};

const HALF_YEAR = 182 * 86_400_000;

/** Whom to tell of a weakness (RFC 9116). While we serve it, it is good for half a year. */
export const showSecurityContact: Act = async ({ config }, { clock }) => {
  const expires = new Date(clock() + HALF_YEAR).toISOString().slice(0, 10);
  const lines = [
    `Contact: ${config.securityContact}`,
    `Expires: ${expires}T00:00:00Z`,
    'Preferred-Languages: es, en',
    `Canonical: ${config.origin}/.well-known/security.txt`,
  ];
  return { status: 200, text: `${lines.join('\n')}\n` };
};

/** What is no page to be found by: steps of somebody's own way, and what answers programs. */
export const PRIVATE: readonly string[] = [
  ...['/activar', '/cuenta', '/ingresar/', '/no-fui-yo', '/obtener', '/recuperar', '/videollamada/'],
  ...['/api/', '/openid/'],
];
const A_DAY = 86_400;
const robots = (text: string): Reply => ({ status: 200, text, keptFor: A_DAY });

/** Search engines lead to the front page and to help (RFC 9309); to an emulator, and to the console, never. */
export const robotsText = (paths: readonly string[]): string =>
  ['User-agent: *', ...paths.map((path) => `Disallow: ${path}`), ''].join('\n');
export const showRobots: Act = async ({ config }) => robots(robotsText(config.emulator ? ['/'] : PRIVATE));
export const showConsoleRobots: Act = async () => robots(robotsText(['/']));
