import createError from 'http-errors';
import { z } from 'zod';
import { emulatorFaultsPage, type Faults } from '#views/pages/emulator/faults.ts';
import { MAIL_FAULTS, SITE_FAULTS } from '../../domain/emulator-fault.ts';
import { REGISTRY_FAULTS } from '../../domain/registry.ts';
import type { Parts } from '../../parts.ts';
import type { Act } from '../kit/row.ts';

type Needs = Pick<Parts, 'siteFault' | 'mailFault' | 'registryFault'>;

/** What is wrong on purpose; undefined where the part is somebody else's, and there is nothing to switch. */
export async function faultsNow({ siteFault, mailFault, registryFault }: Needs): Promise<Faults> {
  const [sites, mail, registry] = await Promise.all([siteFault?.now(), mailFault?.now(), registryFault?.now()]);
  return { sites: sites?.fault, mail: mail?.fault, registry: registry?.fault };
}

/** INTERFACE: `/emulador/fallas`, faults on demand: what things are like from now on, for all processes. */
export const showFaults: Act = async ({ frame }, parts) => ({
  status: 200,
  page: emulatorFaultsPage(frame, await faultsNow(parts)),
});

const wanted = z
  .looseObject({
    sitios: z.enum(SITE_FAULTS).optional(),
    correo: z.enum(MAIL_FAULTS).optional(),
    registro: z.enum(REGISTRY_FAULTS).optional(),
  })
  .refine(({ sitios, correo, registro }) => sitios ?? correo ?? registro);

export const setFault: Act = async ({ body }, { siteFault, mailFault, registryFault }) => {
  const asked = wanted.safeParse({ ...(body as object) });
  if (!asked.success) throw createError(400);
  const { sitios, correo, registro } = asked.data;
  const isThere = (fault: string | undefined, part: object | undefined) => fault === undefined || part !== undefined;
  if (!isThere(sitios, siteFault) || !isThere(correo, mailFault) || !isThere(registro, registryFault))
    throw createError(404);
  if (sitios) await siteFault?.set(sitios);
  if (correo) await mailFault?.set(correo);
  if (registro) await registryFault?.set(registro);
  return { status: 303, to: '/emulador/fallas' };
};
