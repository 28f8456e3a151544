import { resolve } from 'node:path';
import { variables, type Config } from '../../config.ts';

/** A variable of the environment as the product understands it. */
export type InForce = { readonly name: string; readonly value: string; readonly fallback: boolean };

/** Where a variable does not simply become the field of its name. */
const FIELDS: Readonly<Record<string, (config: Config) => unknown>> = {
  PUBLIC_ORIGIN: ({ origin }) => origin,
  DATA_DIR: ({ dataDir }) => resolve(dataDir),
  MASTER_KEYS: ({ masterKeys }) => masterKeys.map(({ id }) => `${id}:***`),
  CONFORMANCE: ({ conformance }) => Number(conformance),
  TLS_CERT: ({ tls }) => tls?.cert,
  TLS_KEY: ({ tls }) => tls && '***',
  METRICS_PORT: ({ metrics }) => metrics.port,
  METRICS_HOST: ({ metrics }) => metrics.host,
  MTLS_PORT: ({ mtls }) => mtls?.port ?? 0,
  MTLS_ORIGIN: ({ mtls }) => mtls?.origin,
  CLIENT_CERT_HEADER: ({ mtls }) => Number(mtls?.byProxy ?? false),
  TURN_URLS: ({ turn }) => turn.urls,
  TURN_SECRET: ({ turn }) => (turn.secret === '' ? undefined : '***'),
  TURN_ONLY: ({ turn }) => Number(turn.only),
  ARGON2_MEMORY_KIB: ({ argon2 }) => argon2.memoryKib,
  ARGON2_TIME: ({ argon2 }) => argon2.time,
  // A length, no password.
  PASSWORD_MIN: ({ passwordMin }) => passwordMin,
};
const SECRET = /KEY|SECRET|TOKEN|PASSWORD/;

/** Every variable with what is in force; secrets are masked. */
export function inForce(config: Config): readonly InForce[] {
  const fields = new Map<string, unknown>(Object.entries(config));
  return variables().map(({ name, fallback }) => {
    const found = FIELDS[name]?.(config) ?? fields.get(camelCase(name));
    const value = [found ?? fallback].flat().map(String).join(',');
    return { name, value: masked(name, value), fallback: value === fallback };
  });
}

const camelCase = (name: string) => name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function masked(name: string, value: string): string {
  if (SECRET.test(name) && !(name in FIELDS)) return value && '***';
  // User and password, and whatever else an address may carry.
  return value.replace(/:\/\/.*@/, '://***@').replace(/(:\/\/[^?]*)\?.*/, '$1?***');
}
