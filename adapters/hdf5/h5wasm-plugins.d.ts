declare module 'h5wasm-plugins' {
  /** Points the library to the filters that lie in this package. */
  export function install_local_plugins(module: object): void;
}
