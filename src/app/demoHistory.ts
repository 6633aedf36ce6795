import type { GraphPlan } from '../config/plan.ts';

/**
 * The sink that writes everything a demonstration says to InfluxDB, with the spectra that its dashboards draw: what the
 * first change stage with an expected spectrum takes, what it expects, and the residual; without one, those of its stream.
 */
export function historySink(plan: GraphPlan, url: string): { id: string; from: string; use: string; with: object } {
  const change = plan.nodes.find(
    ({ use, definition }) => use.startsWith('change.') && definition.outputs.includes('frame'),
  );
  const of = change?.from[0] ?? plan.streams[0]?.id ?? '';
  const spectrum = change === undefined ? { of: [of] } : { of: [of, change.id], residual: { of, against: change.id } };
  return { id: 'history', from: '*', use: 'influx', with: { url, site: 'demo', spectrum } };
}
