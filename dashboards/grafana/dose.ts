import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { influxQl, SCOPE } from './influxQuery.ts';
import { GREY, statePanel, tablePanel, timePanel, valueTexts } from './panels.ts';

const doseQuery = (field: string) =>
  influxQl(
    `SELECT max("${field}") FROM "operando_dose" WHERE ${SCOPE} GROUP BY time($__interval), "run", "detector", "unit" fill(none)`,
    { alias: '$tag_run: $tag_detector [$tag_unit]' },
  );

const damageQuery = (names: string) =>
  influxQl(
    `SELECT mean("value") FROM "operando_reading" WHERE "name" =~ /^(${names})$/ AND ${SCOPE} ` +
      'GROUP BY time($__interval), "run", "detector", "name" fill(none)',
    { alias: '$tag_run: $tag_detector $tag_name' },
  );

/** What the sample has borne, what it did to it, and whether the beam may be on. */
export const dose = (): Dashboard =>
  dashboard({
    uid: 'operando-dose',
    title: 'Dose and permit',
    description: 'Dose of every exposure, damage, and the beam permit. It protects samples, not people.',
    panels: [
      statePanel({
        title: 'Beam permit',
        description:
          'Withheld: a condition of the data or the machines stopped the beam. Stopped: a rule or a person did.',
        width: 24,
        height: 4,
        mappings: valueTexts({
          permitted: ['permitted', 'text'],
          notArmed: ['not armed', 'blue'],
          withheld: ['withheld', 'orange'],
          stopped: ['stopped', 'red'],
        }),
        queries: [
          influxQl(`SELECT "state" FROM "operando_permit" WHERE ${SCOPE} GROUP BY "run"`, { alias: '$tag_run' }),
        ],
      }),
      timePanel({
        title: 'Dose of its limit',
        description: 'At one the budget is used up.',
        width: 12,
        height: 8,
        unit: 'percentunit',
        steps: [GREY, { value: 1, color: 'red' }],
        queries: [doseQuery('dose_fraction')],
      }),
      timePanel({
        title: 'Dose rate',
        description: 'Of each frame.',
        width: 12,
        height: 8,
        queries: [doseQuery('dose_rate')],
      }),
      timePanel({
        title: 'Dose',
        description: 'Since the account was opened; lost and dark frames are counted too.',
        width: 12,
        height: 8,
        queries: [doseQuery('dose')],
      }),
      timePanel({
        title: 'Frames left',
        description: 'Until the budget is used up, at the present rate.',
        width: 12,
        height: 8,
        queries: [doseQuery('dose_frames_left')],
      }),
      timePanel({
        title: 'Damage',
        description: 'Share of the sample that has changed, with its 95 % limits.',
        width: 12,
        height: 8,
        unit: 'percentunit',
        queries: [damageQuery('damage|damageLow|damageHigh')],
      }),
      timePanel({
        title: 'Probability that the tolerated damage is passed',
        description: 'Already now, and after the next frame.',
        width: 12,
        height: 8,
        unit: 'percentunit',
        queries: [damageQuery('damageOver|damageOverNext')],
      }),
      tablePanel({
        title: 'What became of the permit',
        description: 'The audit log on the machine of the monitor has all of it.',
        width: 24,
        height: 8,
        queries: [
          influxQl(
            `SELECT "event", "state", "reason", "by", "via", "epoch" FROM "operando_permit" WHERE "event" =~ /./ AND ${SCOPE} GROUP BY "run" ORDER BY time DESC LIMIT 200`,
            { format: 'table' },
          ),
        ],
      }),
    ],
  });
