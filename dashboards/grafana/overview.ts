import { BigValueColorMode } from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { influxQl, SCOPE } from './influxQuery.ts';
import { byThresholds, GREY, statPanel, tablePanel, timePanel, valueTexts } from './panels.ts';

const standing = `SELECT last("standing") AS "standing" FROM "operando_alert" WHERE ${SCOPE} GROUP BY "run", "stream", "detector"`;

/** Is all well? One look. */
export const overview = (): Dashboard =>
  dashboard({
    uid: 'operando-overview',
    title: 'Overview',
    description: 'Whether data come, whether anything has changed, and whether the beam may be on.',
    panels: [
      statPanel({
        title: 'Streams',
        description: 'Whether frames arrive.',
        width: 6,
        height: 4,
        mappings: valueTexts({ 0: ['not live', 'orange'], 1: ['live', 'text'] }),
        queries: [
          influxQl(
            `SELECT last("live") FROM "operando_health" WHERE "name" = 'stream' AND ${SCOPE} GROUP BY "run", "stream"`,
            { alias: '$tag_run: $tag_stream' },
          ),
        ],
      }).colorMode(BigValueColorMode.Background),
      statPanel({
        title: 'Alerts that stand',
        description: 'Rules whose latest word is not that it is over.',
        width: 6,
        height: 4,
        steps: [GREY, { value: 1, color: 'red' }],
        queries: [influxQl(`SELECT sum("standing") FROM (${standing}) GROUP BY "run"`, { alias: '$tag_run' })],
      }).colorScheme(byThresholds()),
      statPanel({
        title: 'Beam permit',
        description: 'Absent where the pipeline file has none. It protects samples, not people.',
        width: 6,
        height: 4,
        mappings: valueTexts({ 0: ['withheld', 'orange'], 1: ['permitted', 'text'] }),
        queries: [
          influxQl(`SELECT last("permitted") FROM "operando_permit" WHERE ${SCOPE} GROUP BY "run"`, {
            alias: '$tag_run',
          }),
        ],
      }).colorMode(BigValueColorMode.Background),
      statPanel({
        title: 'Dose of its limit',
        description: 'What is used up of the budget.',
        width: 6,
        height: 4,
        unit: 'percentunit',
        steps: [GREY, { value: 0.8, color: 'orange' }, { value: 1, color: 'red' }],
        queries: [
          influxQl(`SELECT last("dose_fraction") FROM "operando_dose" WHERE ${SCOPE} GROUP BY "run", "detector"`, {
            alias: '$tag_run: $tag_detector',
          }),
        ],
      }).colorScheme(byThresholds()),
      tablePanel({
        title: 'Latest word of every rule',
        description: 'Raised or updated: it stands. Cleared: it is over.',
        width: 24,
        height: 7,
        queries: [
          influxQl(
            `SELECT last("phase") AS "phase", "severity", "message" FROM "operando_alert" WHERE ${SCOPE} GROUP BY "run", "stream", "detector"`,
            { format: 'table' },
          ),
        ],
      }),
      timePanel({
        title: 'Counts per frame',
        description: 'Sum of the channels in use, by the node that gave the frame.',
        width: 12,
        height: 9,
        unit: 'short',
        queries: [
          influxQl(
            `SELECT mean("counts_total") FROM "operando_frame" WHERE ${SCOPE} GROUP BY time($__interval), "run", "detector" fill(none)`,
            { alias: '$tag_run: $tag_detector' },
          ),
        ],
      }),
      timePanel({
        title: 'Statistic of its threshold',
        description: 'One is where a detector speaks. Largest of each interval, of every detector.',
        width: 12,
        height: 9,
        steps: [GREY, { value: 1, color: 'red' }],
        queries: [
          influxQl(
            `SELECT max("statistic") / min("threshold") FROM "operando_detect" WHERE ${SCOPE} GROUP BY time($__interval), "run", "detector" fill(none)`,
            { alias: '$tag_run: $tag_detector' },
          ),
        ],
      }),
      timePanel({
        title: 'Slow signals',
        description: 'What came with the frames: temperature, potential, beam monitor.',
        width: 24,
        height: 8,
        queries: [
          influxQl(
            `SELECT mean(/^context_/) FROM "operando_frame" WHERE ${SCOPE} GROUP BY time($__interval), "run" fill(none)`,
            { alias: '$tag_run: $col' },
          ),
        ],
      }),
    ],
  });
