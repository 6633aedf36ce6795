const MOST = 50;

/** What is odd about a file, said once each. */
export interface Oddities {
  /** Grows while the file is read. */
  readonly list: readonly string[];
  note(sentence: string): void;
}

export function createOddities(): Oddities {
  const list: string[] = [];
  return {
    list,
    note(sentence) {
      if (list.length < MOST && !list.includes(sentence)) list.push(sentence);
    },
  };
}
