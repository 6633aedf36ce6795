/** Where a simulated experiment is sent. What nobody takes is lost, as with a real instrument. */
export interface Output {
  /** Told again to everyone who comes later. */
  layout(bytes: Uint8Array): void;
  frame(bytes: Uint8Array): void;
  slow(name: string, bytes: Uint8Array): void;
  close(): Promise<void>;
}
