import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { influxQl, SCOPE } from './influxQuery.ts';
import { statePanel, tablePanel, timePanel, valueTexts } from './panels.ts';

const OF_STREAMS = `FROM "operando_health" WHERE "name" = 'stream' AND ${SCOPE}`;
const OF_LINKS = `FROM "operando_health" WHERE "name" =~ /^(source|sink|monitor)$/ AND ${SCOPE}`;

const streamQuery = (selection: string, name: string) =>
  influxQl(`SELECT ${selection} ${OF_STREAMS} GROUP BY time($__interval), "run", "stream" fill(none)`, {
    refId: name,
    alias: `$tag_run: $tag_stream ${name}`,
  });

/** Of a counter that only rises: what was added in each interval. */
const added = (field: string) => streamQuery(`non_negative_difference(last("${field}"))`, field.replace('_count', ''));

const spoolQuery = (field: string) =>
  influxQl(`SELECT max("${field}") ${OF_LINKS} GROUP BY time($__interval), "run", "detector" fill(none)`, {
    alias: '$tag_run: $tag_detector',
  });

/** Whether the monitor itself is well. */
export const health = (): Dashboard =>
  dashboard({
    uid: 'operando-health',
    title: 'Health',
    description: 'Streams, losses, links and load of the monitors. Times are those of the machine, not of the frames.',
    panels: [
      statePanel({
        title: 'Streams',
        description: 'Stale: silent for more than three frames.',
        width: 12,
        height: 6,
        mappings: valueTexts({
          live: ['live', 'text'],
          waiting: ['waiting', 'blue'],
          stale: ['stale', 'orange'],
          ended: ['ended', 'dark-blue'],
        }),
        queries: [
          influxQl(`SELECT "state" ${OF_STREAMS} GROUP BY "run", "stream"`, { alias: '$tag_run: $tag_stream' }),
        ],
      }),
      statePanel({
        title: 'Links',
        description: 'Sources, sinks and the machinery of the monitor.',
        width: 12,
        height: 6,
        mappings: valueTexts({
          ok: ['ok', 'text'],
          connecting: ['connecting', 'blue'],
          down: ['down', 'red'],
          ended: ['ended', 'dark-blue'],
        }),
        queries: [
          influxQl(`SELECT "state" ${OF_LINKS} GROUP BY "run", "detector"`, { alias: '$tag_run: $tag_detector' }),
        ],
      }),
      timePanel({
        title: 'Frames per second',
        description: 'As they arrive.',
        width: 12,
        height: 8,
        queries: [streamQuery('mean("frames_per_second")', 'frames')],
      }),
      timePanel({
        title: 'Frames that were not processed one by one',
        description:
          'Dropped: given up or refused. Lost: never arrived. Merged: summed with another. Masked: with bad channels.',
        width: 12,
        height: 8,
        queries: [added('dropped_count'), added('lost_count'), added('merged_count'), added('masked_count')],
      }),
      timePanel({
        title: 'Frames that wait',
        description: 'At the door of a stream.',
        width: 12,
        height: 8,
        queries: [streamQuery('max("waiting_count")', 'waiting')],
      }),
      timePanel({
        title: 'Load of the nodes',
        description: 'Share of one processor.',
        width: 12,
        height: 8,
        unit: 'percentunit',
        queries: [
          influxQl(
            `SELECT non_negative_derivative(last("busy_us"), 1s) / 1000000 FROM "operando_health" WHERE "name" = 'node' AND ${SCOPE} GROUP BY time($__interval), "run", "detector" fill(none)`,
            { alias: '$tag_run: $tag_detector' },
          ),
        ],
      }),
      timePanel({
        title: 'Waiting on disk',
        description: 'What a sink keeps for a place that is away.',
        width: 8,
        height: 8,
        unit: 'bytes',
        queries: [spoolQuery('spool_bytes')],
      }),
      timePanel({
        title: 'Age of what waits',
        description: 'The oldest of it.',
        width: 8,
        height: 8,
        unit: 's',
        queries: [spoolQuery('spool_age_s')],
      }),
      timePanel({
        title: 'Not delivered',
        description: 'Given up for good since the start, by link.',
        width: 8,
        height: 8,
        queries: [spoolQuery('dropped_count')],
      }),
      tablePanel({
        title: 'Links now',
        description: 'The last word of each.',
        width: 24,
        height: 8,
        queries: [
          influxQl(
            `SELECT last("state") AS "state", "detail", "spool_waiting_count", "dropped_count" ${OF_LINKS} GROUP BY "run", "name", "detector"`,
            { format: 'table' },
          ),
        ],
      }),
    ],
  });
