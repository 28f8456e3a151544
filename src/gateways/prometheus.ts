import type { Registry } from 'prom-client';
import type { Figure } from '../domain/figure.ts';

/** What only few ask for is loaded when they do: 12 MB. */
const library = async () => (await import('prom-client')).default;

/** How often it is looked whether the event loop is late; more often would cost more than a process at rest does. */
const LOOK_MS = 20;

let registry: Promise<Registry> | undefined;

/** What Node and the system say of this process, under the names that everybody's dashboards know. */
export async function processFigures(): Promise<readonly Figure[]> {
  registry ??= library().then(({ collectDefaultMetrics, Registry: Registers }) => {
    const register = new Registers();
    collectDefaultMetrics({ register, eventLoopMonitoringPrecision: LOOK_MS });
    for (const name of LEFT_OUT) register.removeSingleMetric(name);
    return register;
  });
  const said = await (await registry).getMetricsAsJSON();
  return said.map(({ name, help, type, values }) => ({
    ...{ name, help, type: String(type) },
    // What was not measured yet is no number.
    values: values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ labels, value, ...rest }) => ({
        name: 'metricName' in rest ? String(rest.metricName) : undefined,
        labels: Object.fromEntries(Object.entries(labels).map(([label, of]) => [label, String(of)])),
        value,
      })),
  }));
}

/** What `nodejs_active_resources` tells as well, under a name that is a counter's or by what Node does not promise to keep; and noise. */
const LEFT_OUT = [
  ...['nodejs_eventloop_lag_min_seconds', 'nodejs_eventloop_lag_stddev_seconds'],
  ...['nodejs_active_resources_total', 'nodejs_active_handles', 'nodejs_active_handles_total'],
  ...['nodejs_active_requests', 'nodejs_active_requests_total'],
];

/** As Prometheus reads it (text format 0.0.4). */
export async function written(figures: readonly Figure[]): Promise<{ readonly type: string; readonly text: string }> {
  const { Gauge, Registry: Registers } = await library();
  const register = new Registers();
  class Told extends Gauge {
    readonly figure: Figure;
    constructor(figure: Figure) {
      super({ name: figure.name, help: figure.help, registers: [] });
      this.figure = figure;
    }
    override async get() {
      const { name, help, type, values } = this.figure;
      const said = values.map(({ name: metricName, ...value }) => ({ ...value, ...(metricName && { metricName }) }));
      return Object.assign(await super.get(), { name, help, type, values: said });
    }
  }
  for (const figure of figures) register.registerMetric(new Told(figure));
  return { type: register.contentType, text: await register.metrics() };
}
