import { univariateReport, univariateSpeed, type UnivariateReport, type UnivariateSpeed } from './univariate.ts';

/** One stream of counts, by change.focus. */
export async function univariatePart(
  { dataDir, isFull }: { readonly dataDir: string | null; readonly isFull: boolean },
  say: (line: string) => void,
): Promise<UnivariateReport> {
  const report = await univariateReport({ dataDir, full: isFull });
  const { streams, maxError, triggersEqual } = report.parity;
  say('\none stream of counts, a mean of 10000 frames between false alarms');
  say(
    `parity on ${streams} streams: largest error ${maxError.toExponential(1)}, triggers ${triggersEqual ? 'equal' : 'NOT equal'}`,
  );
  say('     rate   ratio     delay    oracle   delay / oracle (s.e.)   without bonus   Page-Hinkley');
  for (const { rate, ratio, delay, oracle, ratioToOracle, standardError, focus, pageHinkley } of report.univariate)
    say(
      [
        String(rate).padStart(9),
        String(ratio).padStart(7),
        delay.toFixed(1).padStart(9),
        oracle.toFixed(1).padStart(9),
        `${ratioToOracle.toFixed(2)} (${standardError.toFixed(2)})`.padStart(23),
        focus.toFixed(1).padStart(15),
        pageHinkley.toFixed(1).padStart(14),
      ].join(' '),
    );
  for (const { rate, learned, nominal, measured, standardError, alarms } of report.focusArl)
    say(
      `rate ${rate}, ${learned === null ? 'known' : `learned from ${learned} frames`}: ${nominal} configured, ${measured.toFixed(0)} (${standardError.toFixed(0)}) measured, ${alarms} alarms`,
    );
  const { nominal, measured } = report.certificate;
  say(`certificate: ${nominal} configured, ${measured.toFixed(0)} measured`);
  say(`memory of one stream ${report.memoryFlat ? 'constant' : 'NOT constant'}`);
  return report;
}

/** Speed of one stream of counts. */
export function univariateSpeedPart(say: (line: string) => void): UnivariateSpeed {
  const report = univariateSpeed();
  const million = (rate: number): string => (rate / 1e6).toFixed(1);
  say(
    `${million(report.updatesPerSecond)} M updates/s; with the exact maximum at every frame ${million(report.exactUpdatesPerSecond)} M, both sides ${million(report.bothSidesPerSecond)} M`,
  );
  return report;
}
