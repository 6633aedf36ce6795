import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readEvidence } from '../../evidence/files.ts';
import { openRecording } from '../../recording/reader.ts';
import { EXIT, parseArguments, type Command } from '../command.ts';
import { digestOfRecorded } from '../recordedRun.ts';
import { contentsOf } from '../../report/contents.ts';
import { evidenceOf } from '../../report/evidence.ts';
import { reportPage } from '../../report/page.ts';
import { programVersion } from '../versions.ts';

export const report: Command = {
  name: 'report',
  summary: 'write one HTML file about a recorded run: timeline, alerts with evidence, dose, drift, losses, settings',
  help: `operando report RUN [--out FILE]

Writes what a recorded run has to tell into one HTML file that needs nothing else and prints well:
what ran, the timeline, every alert with the spectra before and after it, residual and statistic, dose
and damage, drift, losses, who did what, settings, software versions, and the digest that a replay
must give. The evidence is that kept while the run was recorded; where it is missing it is made again
from the recording.

  --out FILE    RUN/report.html by default; - writes to standard output

examples
  operando report runs/demo
  operando report runs/demo --out tuesday.html`,
  async run(args, console) {
    const { values, positionals } = parseArguments(
      args,
      { out: { type: 'string' } },
      { least: 1, most: 1, names: 'RUN' },
    );
    const directory = positionals[0] ?? '';
    const recording = openRecording(directory);
    const run = contentsOf(recording);
    const kept = readEvidence(directory);
    const isWhole = run.alerts.every(({ raised }) => kept.has(raised.id));
    const evidence = isWhole ? kept : new Map([...evidenceOf(recording), ...kept]);
    const { digest } = digestOfRecorded(recording);
    const page = reportPage({
      ...{ run, evidence },
      digest: { value: digest.value(), count: digest.count },
      configSha256: createHash('sha256').update(recording.header.config).digest('hex'),
      program: programVersion(),
    });
    if (values['out'] === '-') {
      console.out(page.trimEnd());
      return EXIT.done;
    }
    const path = typeof values['out'] === 'string' ? values['out'] : join(directory, 'report.html');
    await writeFile(path, page);
    console.out(`${resolve(path)}: ${run.alerts.length} alerts, ${Math.round(page.length / 1024)} KiB`);
    return EXIT.done;
  },
};
