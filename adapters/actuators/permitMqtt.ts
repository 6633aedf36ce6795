import type { IClientOptions } from 'mqtt';
import { z } from 'zod';

const level = z.string().regex(/^[^/+#]+$/, 'expected one topic level, without / + #');

/** Settings of a broker that carries the beam permit, the same at both ends. */
export const permitBroker = z.strictObject({
  url: z
    .string()
    .regex(/^(mqtts?|wss?):\/\//, "expected an address that begins with 'mqtt://' or 'mqtts://'")
    .describe('The broker.'),
  site: level.describe('Site in the topics: operando/v1/{site}/{instrument}/permit and .../shutter.'),
  version: z.enum(['auto', '3.1.1', '5']).default('auto').describe('MQTT version; auto begins with 5.'),
  username: z.string().optional().describe('For brokers with accounts.'),
  password: z.string().optional().describe("As '${NAME}', from the environment."),
});
export type PermitBroker = z.output<typeof permitBroker>;

/** Where permits and the reports of their receiver go. */
export const permitTopics = (
  site: string,
  instrument: string,
): { readonly permit: string; readonly shutter: string } => ({
  permit: `operando/v1/${site}/${instrument}/permit`,
  shutter: `operando/v1/${site}/${instrument}/shutter`,
});

/** A link that is stuck is given up after three seconds, however much is sent into it. */
export const permitClient = ({ username, password }: Pick<PermitBroker, 'username' | 'password'>): IClientOptions => ({
  keepalive: 2,
  reschedulePings: false,
  ...(username === undefined ? {} : { username }),
  ...(password === undefined ? {} : { password }),
});

/** What a packet says; null when it was kept by the broker, or is no such thing. */
export function readLive<T>(
  { bytes, isRetained }: { readonly bytes: Uint8Array; readonly isRetained?: boolean | undefined },
  schema: z.ZodType<T>,
): T | null {
  if (isRetained === true) return null;
  return parseJson(new TextDecoder().decode(bytes), schema);
}

/** JSON that a schema accepts; null for anything else. */
export function parseJson<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
