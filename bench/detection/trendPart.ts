import { trendReport, type TrendReport } from './trend.ts';

/** Turning points of an evolution, by change.trend. */
export async function trendPart(say: (line: string) => void): Promise<TrendReport> {
  const report = await trendReport();
  say('\nchange.trend: turning points, frames from a turn to its detection');
  say('data         speed   found   median   90 %   false turns   coverage of the interval');
  for (const { data, speed, found, median, ninetieth, falseTurns, coverage } of report.delay)
    say(
      [
        data.padEnd(9),
        speed.toFixed(1).padStart(8),
        found.toFixed(2).padStart(7),
        median.toFixed(1).padStart(8),
        ninetieth.toFixed(1).padStart(6),
        String(falseTurns).padStart(13),
        coverage.toFixed(2).padStart(26),
      ].join(' '),
    );
  for (const { data, nominal, measured, alarms } of report.arl)
    say(`${data}: one false turn per ${measured.toFixed(0)} frames, ${nominal} configured (${alarms} seen)`);
  return report;
}
