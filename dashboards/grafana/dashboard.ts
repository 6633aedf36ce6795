import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.ts';
import { runVariables, spectrumVariable } from './variables.ts';

export interface DashboardOptions {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Draws the spectra of one run, of a node to choose. */
  readonly hasSpectra?: boolean;
  /** From left to right, from top to bottom. */
  readonly panels: readonly Builder<Panel>[];
}

/** A dashboard of the house: variables, annotations and links are the same on all of them. */
export function dashboard({ uid, title, description, hasSpectra = false, panels }: DashboardOptions): Dashboard {
  const builder = new DashboardBuilder(`operando: ${title}`)
    .uid(uid)
    .description(description)
    .tags(['operando'])
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .variables([...runVariables(hasSpectra ? 'one' : 'many'), ...(hasSpectra ? [spectrumVariable()] : [])])
    .annotations(annotations())
    .link(
      new DashboardLinkBuilder('operando')
        .type(DashboardLinkType.Dashboards)
        .tags(['operando'])
        .includeVars(true)
        .keepTime(true),
    );
  panels.forEach((panel, i) => {
    const built = panel.build();
    builder.withPanel({ build: () => ({ ...built, id: i + 1 }) });
  });
  return builder.build();
}
