import { z } from 'zod';
import { port } from './fields.ts';

export type MetricsConfig = {
  /** 0: nowhere. */
  readonly port: number;
  readonly host: string;
  /** Somebody chose the port, or relies on it: when it is taken the start ends. Else it goes on without. */
  readonly wanted: boolean;
};

/** Where operators read figures: a listener of its own, which nobody else may reach. */
export const metricsVariables = {
  METRICS_PORT: port(9464).describe('`GET /metrics` for Prometheus, a listener of its own; 0 switches it off'),
  METRICS_HOST: z
    .union([z.ipv4(), z.ipv6()], { error: 'must be an address of this machine' })
    .default('127.0.0.1')
    .describe(
      'the address of this machine at which it listens, `0.0.0.0` or `::` for all; never one that the internet reaches. The emulator: loopback',
    ),
};
type MetricsEnv = z.output<z.ZodObject<typeof metricsVariables>> & { readonly MODE: 'emulator' | 'production' };

export const metricsOf = (
  { MODE, METRICS_PORT: port, METRICS_HOST }: MetricsEnv,
  given: Readonly<Record<string, string | undefined>>,
): MetricsConfig => ({
  port,
  host: MODE === 'emulator' ? '127.0.0.1' : METRICS_HOST,
  wanted: MODE === 'production' || given['METRICS_PORT'] !== undefined,
});
