import { join } from 'node:path';
import ts from 'typescript';
import { root } from './operando.ts';

/** A JSON value that must have a type of the foundation SDK. */
export interface TypedValue {
  /** What is told when it has not: `overview.json, panel 3`. */
  readonly label: string;
  readonly value: unknown;
  /** Module of the SDK and name of the type in it. */
  readonly module: string;
  readonly type: string;
}

/**
 * What the type of the SDK looks like in JSON: enumerations by their values, and without the methods that mark its
 * queries.
 */
const PRELUDE = `
type Json<T> = 0 extends 1 & T ? T
  : T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T
  : T extends readonly (infer Item)[] ? readonly Json<Item>[]
  : T extends object ? { readonly [Key in keyof T as T[Key] extends (...args: never[]) => unknown ? never : Key]: Json<T[Key]> }
  : T;
`;

/**
 * Holds JSON against the types of the SDK with the compiler: unknown properties, wrong enumerations, missing parts.
 *
 * @returns what is wrong, empty when all is well.
 */
export function sdkFaults(values: readonly TypedValue[]): string[] {
  const modules = [...new Set(values.map(({ module }) => module))];
  const lines = [
    ...modules.map((name) => `import type * as ${name} from '@grafana/grafana-foundation-sdk/${name}';`),
    ...PRELUDE.trim().split('\n'),
  ];
  const labels = new Map<number, string>();
  for (const { label, value, module, type } of values) {
    labels.set(lines.length, label);
    lines.push(`export const value${labels.size}: Json<${module}.${type}> = ${JSON.stringify(value)};`);
  }
  const path = join(root, 'test/sdkTypes.generated.ts');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === path || fileExists.call(host, name);
  host.getSourceFile = (name, target, ...rest) =>
    name === path
      ? ts.createSourceFile(name, lines.join('\n'), target)
      : getSourceFile.call(host, name, target, ...rest);
  const program = ts.createProgram([path], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined || start === undefined ? -1 : file.getLineAndCharacterOfPosition(start).line;
    return `${labels.get(line) ?? `line ${line}`}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
