import { QueryVariableBuilder, VariableRefresh, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './influxQuery.ts';

/** Which runs a dashboard can show at once. */
export type RunChoice = 'many' | 'one';

function tagVariable(name: string, label: string, query: string, choice: RunChoice): QueryVariableBuilder {
  const variable = new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    // The data source reads an object; of a plain text it would read nothing.
    .query({ query, refId: 'InfluxVariableQueryEditor-VariableQuery' })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
  return choice === 'one' ? variable : variable.multi(true).includeAll(true).allValue('.*').current(ALL);
}

const ALL = { selected: true, text: ['All'], value: ['$__all'] };
const OF_SITE = '"site" =~ /^${site:regex}$/';
const OF_INSTRUMENT = `${OF_SITE} AND "instrument" =~ /^\${instrument:regex}$/`;

/** Site, instrument and run, each choosing among what the one before leaves. */
export function runVariables(choice: RunChoice): QueryVariableBuilder[] {
  return [
    tagVariable('site', 'Site', 'SHOW TAG VALUES WITH KEY = "site"', 'many'),
    tagVariable('instrument', 'Instrument', `SHOW TAG VALUES WITH KEY = "instrument" WHERE ${OF_SITE}`, 'many'),
    tagVariable('run', 'Run', `SHOW TAG VALUES WITH KEY = "run" WHERE ${OF_INSTRUMENT}`, choice),
  ];
}

/** The node whose spectra are drawn. */
export function spectrumVariable(): QueryVariableBuilder {
  const query =
    `SHOW TAG VALUES FROM "operando_spectrum" WITH KEY = "detector" WHERE ${OF_INSTRUMENT} ` +
    'AND "run" =~ /^${run:regex}$/ AND "name" =~ /^(measured|spectrum)$/';
  return tagVariable('node', 'Spectra of', query, 'one');
}
