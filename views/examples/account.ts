import type { Page } from '../html.ts';
import type { Frame } from '../layout.ts';
import { leftPage } from '../pages/account/left.ts';
import { overviewPage, type Overview } from '../pages/account/overview.ts';

/** 16 May 2026, 14:03 in Chile. */
const now = Date.UTC(2026, 4, 16, 18, 3);
const HOUR = 3_600_000;
const shell = { csrf: 'example', shared: false, now };

const overview: Overview = {
  shell,
  firstName: 'María',
  name: 'María Carmen Del Río González',
  run: '11.111.111-1',
  identified: 'presencial',
  email: 'maria.carmen@correo.example',
  last: { at: now - 20 * HOUR, device: 'Chrome, Android' },
};

/** «Mi cuenta» in each of its states. */
export const accountPages: Readonly<Record<string, (frame: Frame) => Page>> = {
  account: (frame) => overviewPage(frame, overview),
  'account-shared': (frame) =>
    overviewPage(frame, {
      ...overview,
      shell: { ...shell, shared: true },
      identified: 'video',
      email: undefined,
      last: undefined,
    }),
  'account-left': (frame) => leftPage(frame),
};
