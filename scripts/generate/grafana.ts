import { provisioningTree } from '../../dashboards/grafana/tree.ts';

/** Text of each file that Grafana is provisioned with, by its path. */
export const grafanaTexts = (): Map<string, string> =>
  new Map([...provisioningTree()].map(([path, text]) => [`dashboards/grafana/provisioning/${path}`, text]));
