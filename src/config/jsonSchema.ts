import { z } from 'zod';
import { stageDefinitions } from './definitions.ts';
import { modalitiesGiving } from './presets.ts';
import { pipelineFile } from './schema.ts';

/** JSON Schema of the pipeline file, for completion and checks in an editor. */
export function pipelineJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(pipelineFile, {
      io: 'input',
      unrepresentable: 'any',
      override({ zodSchema, jsonSchema }) {
        if (zodSchema._zod.def.type !== 'object') return;
        jsonSchema.additionalProperties ??= false;
        // What a preset may give need not be written.
        const stage = stageDefinitions.find(({ config }) => config === zodSchema);
        if (stage !== undefined && jsonSchema.required !== undefined)
          jsonSchema.required = jsonSchema.required.filter((name) => modalitiesGiving(stage, name).length === 0);
        // `with` may be left out when every setting in it may.
        const settings = jsonSchema.properties?.['with'];
        if (typeof settings === 'object' && (settings.required ?? []).length === 0)
          jsonSchema.required = (jsonSchema.required ?? []).filter((name) => name !== 'with');
      },
    }),
    title: 'operando pipeline file',
  };
}
