import { codecs, shutterDevices, shutterLinks, sources, transports } from '../../adapters/registry.ts';
import { pipelineJsonSchema } from '../../src/config/jsonSchema.ts';
import { sinks } from '../../src/sinks/registry.ts';
import { stages } from '../../src/stages/registry.ts';
import simulator from '../../simulators/simulatorSource.ts';
import { catalogueText } from './catalogue.ts';

/** Text of each generated document, by its path. */
export function documentTexts(): Map<string, string> {
  return new Map([
    [
      'docs/stages.md',
      catalogueText(stages, {
        Sources: [...sources, simulator],
        Transports: transports,
        Codecs: codecs,
        Sinks: sinks,
        'Shutter links': shutterLinks,
        'Shutter devices': shutterDevices,
      }),
    ],
    ['docs/pipeline.schema.json', `${JSON.stringify(pipelineJsonSchema(), null, 2)}\n`],
  ]);
}
