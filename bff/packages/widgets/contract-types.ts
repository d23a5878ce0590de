// The contract's types written out. In the repository they are inferred from valibot's schemas; hosts get them plain, so that
// the widgets' declarations need no package that their code does not need. The compiler that the manifest's analyzer brings
// works them out: TypeScript 7 has no API yet.
import { join } from 'node:path';
import { ts } from '@custom-elements-manifest/analyzer/index.js';
import { root } from '../root.ts';

interface Exported {
  readonly name: string;
  readonly flags: number;
  getDocumentationComment(checker: Checker): unknown;
}

/** What is used of TypeScript 5's API, of which the analyzer declares nothing. */
interface Compiler {
  readonly ScriptTarget: { readonly ES2022: number };
  readonly ModuleKind: { readonly ESNext: number };
  readonly ModuleResolutionKind: { readonly Bundler: number };
  readonly SymbolFlags: { readonly Variable: number };
  readonly TypeFormatFlags: {
    readonly NoTruncation: number;
    readonly InTypeAlias: number;
  };
  displayPartsToString(parts: unknown): string;
  createProgram(
    files: readonly string[],
    options: Readonly<Record<string, unknown>>,
  ): { getTypeChecker(): Checker; getSourceFile(file: string): unknown };
}

interface Checker {
  getSymbolAtLocation(file: unknown): unknown;
  getExportsOfModule(module: unknown): readonly Exported[];
  getTypeOfSymbol(symbol: Exported): unknown;
  getDeclaredTypeOfSymbol(symbol: Exported): unknown;
  typeToString(type: unknown, place: undefined, flags: number): string;
}

/**
 * @param names of what bff/contract/index.ts exports
 * @throws Error for a name that is none, or whose type the compiler does not know in full
 */
export function contractTypes(names: readonly string[]): string {
  const compiler = ts as unknown as Compiler; // see Compiler
  const entry = join(root, 'bff/contract/index.ts');
  const program = compiler.createProgram([entry, join(import.meta.dirname, 'newer-library.d.ts')], {
    target: compiler.ScriptTarget.ES2022,
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)));
  const { NoTruncation, InTypeAlias } = compiler.TypeFormatFlags;
  const types = names.map((name) => {
    const symbol = exported.find((one) => one.name === name);
    if (!symbol) throw new Error(`bff/contract/index.ts exports no ${name}`);
    // A declaration may speak of the type of a value, as of the limits.
    const isValue = (symbol.flags & compiler.SymbolFlags.Variable) !== 0;
    const type = isValue ? checker.getTypeOfSymbol(symbol) : checker.getDeclaredTypeOfSymbol(symbol);
    const text = checker.typeToString(type, undefined, NoTruncation | InTypeAlias);
    if (text === name || /\bany\b(?!:)/.test(text))
      throw new Error(`the compiler says that ${name} is ${text}`);
    const comment = compiler.displayPartsToString(symbol.getDocumentationComment(checker));
    return `${comment === '' ? '' : `/** ${comment.replaceAll('\n', ' ')} */\n`}export ${isValue ? `declare const ${name}:` : `type ${name} =`} ${text};`;
  });
  return `// What the API takes and answers.\n${types.join('\n')}\n`;
}
