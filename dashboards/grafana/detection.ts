import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { influxQl, SCOPE } from './influxQuery.ts';
import { statePanel, tablePanel, timePanel, valueTexts, type PanelOptions } from './panels.ts';

/** Readings by their names, one line per run and node. */
const readings = (
  names: string,
  options: Omit<PanelOptions, 'queries' | 'height'>,
  aggregate: 'mean' | 'max' = 'mean',
  isLogarithmic = false,
) =>
  timePanel(
    {
      ...options,
      height: 8,
      queries: [
        influxQl(
          `SELECT ${aggregate}("value") FROM "operando_reading" WHERE "name" =~ /^(${names})$/ AND ${SCOPE} ` +
            'GROUP BY time($__interval), "run", "detector", "name", "unit" fill(none)',
          { alias: '$tag_run: $tag_detector $tag_name [$tag_unit]' },
        ),
      ],
    },
    isLogarithmic,
  );

/** What the detectors see, and what they are told to ignore. */
export const detection = (): Dashboard =>
  dashboard({
    uid: 'operando-detection',
    title: 'Detection',
    description: 'Statistics against their thresholds, the drift that is ignored, and what was found.',
    panels: [
      statePanel({
        title: 'Alerts',
        description: 'The life of the alerts of every rule.',
        width: 24,
        height: 6,
        mappings: valueTexts({
          raised: ['raised', 'red'],
          updated: ['stands', 'red'],
          cleared: ['over', 'text'],
        }),
        queries: [
          influxQl(`SELECT "phase" FROM "operando_alert" WHERE ${SCOPE} GROUP BY "run", "stream", "detector"`, {
            alias: '$tag_run: $tag_detector',
          }),
        ],
      }),
      readings(
        'statistic|threshold',
        {
          title: 'Statistics and thresholds',
          description: 'Where a statistic passes its threshold, the detector speaks. Largest of each interval.',
          width: 24,
        },
        'max',
        true,
      ),
      readings('shift|stretch', {
        title: 'Drift of the axis',
        description: 'What the calibration and the detectors follow, and do not take for a change.',
        width: 12,
      }),
      readings('gain|slope|bend|offset|broadening', {
        title: 'Drift of intensity and background',
        description: 'Nuisances as the detectors fit them.',
        width: 12,
      }),
      readings('dispersion', {
        title: 'Scatter of the residuals',
        description:
          'One, where the noise is what was declared. More: the declaration is wrong, or something slowly changes.',
        width: 12,
      }),
      readings(
        'cosmicRays|noSignal|saturated|beamTrip|brokenChannels',
        {
          title: 'Faults of the detector',
          description: 'Statistics of quality.faults, and the number of channels it has taken out.',
          width: 12,
        },
        'max',
      ),
      tablePanel({
        title: 'Detections',
        description: 'What was found, before anybody was called: the newest 500.',
        width: 24,
        height: 10,
        queries: [
          influxQl(
            `SELECT "statistic", "threshold", "sign", "template", "region_from", "region_to", "seq" FROM "operando_detect" WHERE ${SCOPE} ` +
              'GROUP BY "run", "stream", "detector", "unit" ORDER BY time DESC LIMIT 500',
            { format: 'table' },
          ),
        ],
      }),
    ],
  });
