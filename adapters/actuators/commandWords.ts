import { z } from 'zod';

/**
 * The words of a command line, as a shell splits them: at white space, except inside '...' and "..."; outside '...' a backslash
 * takes the next character as it is. Nothing is expanded: no variables, no wildcards, no pipes.
 *
 * @throws RangeError when a quote is not closed, or nothing follows a backslash.
 * @example
 * commandWords("caput 'BL:shutter cmd' 1"); // => ['caput', 'BL:shutter cmd', '1']
 */
export function commandWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\' && quote !== "'") {
      i++;
      if (i === text.length) throw new RangeError(`nothing follows the backslash at the end of ${text}`);
      word = (word ?? '') + text.charAt(i);
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (quote !== '') throw new RangeError(`the quote ${quote} is not closed in ${text}`);
  if (word !== null) words.push(word);
  return words;
}

/** A command line as a setting: a list of words, or text that is split into them. Never given to a shell. */
export const commandLine = z.union([z.array(z.string()).min(1), z.string().min(1)]).transform((line, context) => {
  try {
    const [program = '', ...args] = typeof line === 'string' ? commandWords(line) : line;
    if (program === '') throw new RangeError('expected a program and its arguments, got nothing');
    return { program, args };
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as RangeError).message });
    return z.NEVER;
  }
});
export type CommandLine = z.output<typeof commandLine>;
