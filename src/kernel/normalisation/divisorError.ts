/** Receives how sure the divisor of a spectrum was. */
export interface DivisorError {
  /** One standard deviation of the divisor over the divisor: it moves all channels of the result together. 0: nothing is known of it. */
  relative: number;
}
