/** What an operator, a beam permit or the advice on exposure can ask of an instrument. */
export type InstrumentCommand =
  | { readonly command: 'shutter'; readonly state: 'open' | 'closed' }
  /** Live time per frame, at most the frame period. */
  | { readonly command: 'exposure'; readonly seconds: number }
  /** Beam relative to nominal, >= 0. */
  | { readonly command: 'beam'; readonly relative: number }
  /** Stage position, um; every position has its own dose. */
  | { readonly command: 'move'; readonly x: number; readonly y: number }
  /** Closes the shutter for good. */
  | { readonly command: 'stop' };
