import { planGraph } from '../../config/graph.ts';
import { loadConfig, type LoadedConfig } from '../../config/load.ts';
import type { GraphPlan } from '../../config/plan.ts';
import type { Console } from '../console.ts';

/** A pipeline file, checked, with its graph. @throws MonitorError CONFIG. */
export async function loadFile(path: string, console: Console): Promise<{ loaded: LoadedConfig; plan: GraphPlan }> {
  const loaded = await loadConfig(path, console.env);
  return { loaded, plan: planGraph(loaded.config) };
}
