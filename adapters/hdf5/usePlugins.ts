import type { ready } from 'h5wasm/node';

type Hdf5Module = Awaited<typeof ready>;

const equipped = new WeakSet<Hdf5Module>();

/** Makes the filters of compressed datasets known to the library: bitshuffle, LZ4, Blosc, Zstandard, bzip2 and more. */
export async function usePlugins(module: Hdf5Module): Promise<void> {
  if (equipped.has(module)) return;
  const { install_local_plugins } = await import('h5wasm-plugins');
  install_local_plugins(module);
  equipped.add(module);
}
