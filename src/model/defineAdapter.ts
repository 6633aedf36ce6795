import { z } from 'zod';
import type { Adapter, AdapterDefinition, Codec, Transport } from './adapter.ts';

function define<const Name extends string, Config extends z.ZodObject, Made>(
  definition: AdapterDefinition<Name, Config, Made>,
) {
  return { ...definition, node: z.strictObject({ use: z.literal(definition.name), with: definition.config }) };
}

/** A way to move bytes: `streams.x.transport`. */
export const defineTransport = <const Name extends string, Config extends z.ZodObject>(
  definition: AdapterDefinition<Name, Config, Transport>,
) => define(definition);

/** A way to understand bytes: `streams.x.codec`. */
export const defineCodec = <const Name extends string, Config extends z.ZodObject>(
  definition: AdapterDefinition<Name, Config, Codec>,
) => define(definition);

/** Frames without a wire: `streams.x.source`. */
export const defineSource = <const Name extends string, Config extends z.ZodObject>(
  definition: AdapterDefinition<Name, Config, Adapter>,
) => define(definition);
