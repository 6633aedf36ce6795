import { createHash } from 'node:crypto';
import type { EvidenceBundle } from '../evidence/bundle.ts';
import { createEvidenceCollector } from '../evidence/collector.ts';
import { isRecordedSignal } from '../recording/item.ts';
import type { Recording } from '../recording/reader.ts';

/** The evidence of all alerts of a recording, by id: what was kept while it ran, made again from what was recorded. */
export function evidenceOf(recording: Recording): Map<string, EvidenceBundle> {
  const { run, instrument, modality, config, versions } = recording.header;
  const configSha256 = createHash('sha256').update(config).digest('hex');
  const bundles = new Map<string, EvidenceBundle>();
  const collector = createEvidenceCollector({ run, instrument, modality, configSha256, versions }, (bundle) =>
    bundles.set(bundle.alert.id, bundle),
  );
  for (const item of recording.items(undefined, undefined, { once: true })) {
    if (item.type === 'frame') collector.hear(item, item.stream);
    else if (isRecordedSignal(item)) {
      const { from, ...signal } = item;
      collector.hear(signal, from);
    }
  }
  collector.end();
  return bundles;
}
