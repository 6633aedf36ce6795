import { PanelBuilder as HeatmapBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { HeatmapColorMode, HeatmapColorOptionsBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Threshold,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { DATASOURCE } from './influxQuery.ts';

/** What every panel has. Width of 24, height in rows of 30 pixels. */
export interface PanelOptions {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly queries: readonly Builder<Dataquery>[];
  /** Grafana's name of the unit. */
  readonly unit?: string;
  /** Colours from a value on; the first holds below all others. */
  readonly steps?: readonly Threshold[];
  readonly mappings?: readonly ValueMapping[];
}

interface AnyPanel {
  title(text: string): this;
  description(text: string): this;
  span(width: number): this;
  height(rows: number): this;
  datasource(ref: typeof DATASOURCE): this;
  targets(queries: Builder<Dataquery>[]): this;
  unit?(unit: string): this;
  mappings?(mappings: ValueMapping[]): this;
  thresholds?(thresholds: ThresholdsConfigBuilder): this;
}

/** @returns the same panel. */
export function dress<P extends AnyPanel>(panel: P, options: PanelOptions): P {
  const { title, description, width, height, queries, unit, steps, mappings } = options;
  panel
    .title(title)
    .description(description)
    .span(width)
    .height(height)
    .datasource(DATASOURCE)
    .targets([...queries]);
  if (unit !== undefined) panel.unit?.(unit);
  if (mappings !== undefined) panel.mappings?.([...mappings]);
  if (steps !== undefined)
    panel.thresholds?.(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...steps]));
  return panel;
}

export const GREY = { value: null, color: 'text' } as const;

/** Texts and colours of single values. */
export const valueTexts = (texts: Readonly<Record<string, readonly [text: string, color: string]>>): ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(texts).map(([value, [text, color]], index) => [value, { text, color, index }]),
    ),
  },
];

/** The newest value of each series. */
export const statPanel = (options: PanelOptions): StatBuilder =>
  dress(new StatBuilder(), options)
    .colorMode(BigValueColorMode.Value)
    .noValue('none')
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''));

/** @param isLogarithmic - for what spans decades. */
export function timePanel(options: PanelOptions, isLogarithmic = false): TimeSeriesBuilder {
  const panel = dress(new TimeSeriesBuilder(), options)
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(1)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
  return isLogarithmic
    ? panel.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10))
    : panel;
}

/** States as bars along the time. */
export const statePanel = (options: PanelOptions): StateTimelineBuilder =>
  dress(new StateTimelineBuilder(), options).mergeValues(true).showValue(VisibilityMode.Auto).rowHeight(0.8);

export const tablePanel = (options: PanelOptions): TableBuilder =>
  dress(new TableBuilder(), options).showHeader(true).filterable(true);

export interface ColourScale {
  readonly scheme: string;
  readonly reverse: boolean;
  /** Ends of the scale; left out, those of the data. */
  readonly range?: readonly [min: number, max: number];
}

/** One row of cells per channel, time to the right. */
export function waterfallPanel(options: PanelOptions, { scheme, reverse, range }: ColourScale): HeatmapBuilder {
  const color = new HeatmapColorOptionsBuilder()
    .mode(HeatmapColorMode.Scheme)
    .scheme(scheme)
    .reverse(reverse)
    .steps(64);
  return dress(new HeatmapBuilder(), options)
    .calculate(false)
    .cellGap(0)
    .color(range === undefined ? color : color.min(range[0]).max(range[1]))
    .maxDataPoints(400);
}

/** Coloured by the thresholds of the panel. */
export const byThresholds = (): FieldColorBuilder => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
