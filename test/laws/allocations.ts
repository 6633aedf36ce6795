const COUNTED = [
  'ArrayBuffer',
  'Float64Array',
  'Float32Array',
  'Int32Array',
  'Uint32Array',
  'Uint16Array',
  'Uint8Array',
  'BigInt64Array',
] as const;
/** Methods of typed arrays that make a new one without going through the global constructor. */
const COPYING = ['slice', 'map', 'filter', 'toSorted', 'toReversed', 'with'] as const;

type Global = Record<string, unknown>;

/** Number of array buffers made while `work` runs, in all modules of this realm. */
export function countBuffers(work: () => void): number {
  let count = 0;
  const global = globalThis as unknown as Global;
  const kept = new Map<string, unknown>(COUNTED.map((name) => [name, global[name]]));
  const typedArray = Object.getPrototypeOf(Float64Array.prototype) as Global;
  const methods = new Map<string, PropertyDescriptor | undefined>(
    COPYING.map((name) => [name, Object.getOwnPropertyDescriptor(typedArray, name)]),
  );
  for (const [name, original] of kept) {
    const counted: object = new Proxy(original as new (...parts: unknown[]) => object, {
      construct(target, parts, newTarget) {
        // A view on an existing buffer takes no memory of its own.
        if (!(parts[0] instanceof (kept.get('ArrayBuffer') as typeof ArrayBuffer))) count++;
        return Reflect.construct(target, parts, newTarget === counted ? target : newTarget) as object;
      },
    });
    global[name] = counted;
  }
  for (const [name, descriptor] of methods) {
    if (descriptor === undefined) continue;
    const original = descriptor.value as (...parts: unknown[]) => unknown;
    Object.defineProperty(typedArray, name, {
      ...descriptor,
      value(this: unknown, ...parts: unknown[]) {
        count++;
        return original.apply(this, parts);
      },
    });
  }
  try {
    work();
  } finally {
    for (const [name, original] of kept) global[name] = original;
    for (const [name, descriptor] of methods)
      if (descriptor !== undefined) Object.defineProperty(typedArray, name, descriptor);
  }
  return count;
}
