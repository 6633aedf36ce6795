import { AxisPlacement } from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard, DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  PanelBuilder as XyChartBuilder,
  SeriesMapping,
  XYSeriesConfigBuilder,
  XYShowMode,
} from '@grafana/grafana-foundation-sdk/xychart';
import { dashboard } from './dashboard.ts';
import { influxQl, SCOPE } from './influxQuery.ts';
import { dress, tablePanel, waterfallPanel } from './panels.ts';

const OF_NODE = '"detector" =~ /^${node:regex}$/';
const CHANNELS = 'last(/^ch/)';
/** Without a residual to make, a spectrum is not called measured. */
const MEASURED = `"name" =~ /^(measured|spectrum)$/ AND ${OF_NODE}`;
const EXPECTED = `"name" = 'expected'`;
const RESIDUAL = `"name" = 'residual'`;
/** The axis is written when the layout changes, which may be long before the time that is shown. */
const axis = influxQl(
  `SELECT ${CHANNELS} FROM "operando_axis" WHERE ${SCOPE.replace(' AND $timeFilter', '')} AND ${OF_NODE} GROUP BY "name"`,
  { refId: 'axis', alias: '$col' },
);

/** `mean_ch007` becomes `007`: numbers, which Grafana sorts as such. */
const channelNumbers: DataTransformerConfig = {
  id: 'renameByRegex',
  options: { regex: '^mean_ch(\\d+)$', renamePattern: '$1' },
};

const waterfallQuery = (spectra: string) =>
  influxQl(
    `SELECT mean(/^ch/) FROM "operando_spectrum" WHERE ${spectra} AND ${SCOPE} GROUP BY time($__interval) fill(none)`,
    { alias: '$col' },
  );

/**
 * Every query gives one series per channel, of one value: its reduction is a table of channels, and the tables are joined.
 * The value is the same by whatever it is reduced; another reducer for each query gives each column a name of its own.
 */
const COLUMNS = {
  axis: { reducer: 'lastNotNull', column: 'Last *' },
  measured: { reducer: 'max', column: 'Max' },
  expected: { reducer: 'min', column: 'Min' },
  residual: { reducer: 'mean', column: 'Mean' },
} as const;
type Query = keyof typeof COLUMNS;

const reduceOf = (query: Query): DataTransformerConfig => ({
  id: 'reduce',
  filter: { id: 'byRefId', options: query },
  options: { mode: 'seriesToRows', reducers: [COLUMNS[query].reducer] },
});

const columnsOf = (...queries: Query[]): DataTransformerConfig[] => [
  ...queries.map(reduceOf),
  { id: 'joinByField', options: { byField: 'Field', mode: 'outer' } },
];

const newest = (spectra: string, refId: Query) =>
  influxQl(`SELECT ${CHANNELS} FROM "operando_spectrum" WHERE ${spectra} AND ${SCOPE} GROUP BY "name"`, {
    refId,
    alias: '$col',
  });

const curve = (query: Query, name: string): XYSeriesConfigBuilder =>
  new XYSeriesConfigBuilder()
    .name({ fixed: name })
    .frame({ matcher: { id: 'byIndex', options: 0 } })
    .x({ matcher: { id: 'byName', options: COLUMNS.axis.column } })
    .y({ matcher: { id: 'byName', options: COLUMNS[query].column } });

/** What is measured now, what was expected, and the difference; and all of it along the time. */
export const spectrum = (): Dashboard =>
  dashboard({
    uid: 'operando-spectrum',
    title: 'Spectrum',
    description: 'Waterfalls of what was measured and of the residual, and the newest spectrum over its reference.',
    hasSpectra: true,
    panels: [
      waterfallPanel(
        {
          title: 'Residual: measured less expected, in standard deviations',
          description:
            'Grey when nothing has changed. Rows are the fields of the spectrum; the table has their coordinates.',
          width: 24,
          height: 10,
          queries: [waterfallQuery(RESIDUAL)],
        },
        { scheme: 'RdBu', reverse: true, range: [-6, 6] },
      ).transformations([channelNumbers]),
      dress(new XyChartBuilder(), {
        title: 'Now and reference',
        description: 'The newest spectrum, and what the change stage expects of it: counts per channel.',
        width: 12,
        height: 10,
        queries: [axis, newest(MEASURED, 'measured'), newest(EXPECTED, 'expected')],
      })
        .mapping(SeriesMapping.Manual)
        .show(XYShowMode.Lines)
        .lineWidth(1)
        .series([curve('measured', 'now'), curve('expected', 'reference')])
        .transformations(columnsOf('axis', 'measured', 'expected')),
      dress(new XyChartBuilder(), {
        title: 'Residual now',
        description: 'Standard deviations of the newest spectrum from what was expected.',
        width: 12,
        height: 10,
        queries: [axis, newest(RESIDUAL, 'residual')],
      })
        .mapping(SeriesMapping.Manual)
        .show(XYShowMode.Lines)
        .lineWidth(1)
        .axisPlacement(AxisPlacement.Auto)
        .series([curve('residual', 'residual')])
        .transformations(columnsOf('axis', 'residual')),
      waterfallPanel(
        {
          title: 'Measured',
          description: 'Counts per channel.',
          width: 18,
          height: 10,
          queries: [waterfallQuery(MEASURED)],
        },
        { scheme: 'Viridis', reverse: false },
      ).transformations([channelNumbers]),
      tablePanel({
        title: 'Coordinates of the rows',
        description: 'Centre of each field on the axis of the instrument.',
        width: 6,
        height: 10,
        queries: [axis],
      }).transformations([reduceOf('axis')]),
    ],
  });
