// What is used of the analyzer, whose own types leave its functions out.
interface AnalyzedMember {
  readonly kind: 'field' | 'method';
  readonly name: string;
  readonly description?: string;
  readonly privacy?: 'public' | 'protected' | 'private';
  readonly static?: boolean;
  readonly readonly?: boolean;
  readonly attribute?: string;
  readonly inheritedFrom?: { readonly name: string };
}

interface AnalyzedNote {
  readonly name: string;
  readonly description?: string;
}

interface AnalyzedClass {
  readonly kind: string;
  readonly name: string;
  readonly description?: string;
  readonly members?: readonly AnalyzedMember[];
  readonly attributes?: readonly (AnalyzedNote & { readonly fieldName?: string })[];
  readonly events?: readonly (AnalyzedNote & { readonly type?: { readonly text: string } })[];
  readonly cssParts?: readonly AnalyzedNote[];
  readonly slots?: readonly AnalyzedNote[];
  readonly superclass?: { readonly name: string };
}

interface AnalyzedModule {
  readonly path: string;
  readonly declarations?: readonly AnalyzedClass[];
}

declare module '@custom-elements-manifest/analyzer/index.js' {
  export const ts: {
    readonly ScriptTarget: { readonly ES2022: unknown };
    createSourceFile(path: string, text: string, target: unknown, setParents: boolean): unknown;
  };
  export function create(options: {
    readonly modules: readonly unknown[];
    readonly plugins: readonly unknown[];
    readonly context: { readonly dev: boolean };
  }): { readonly modules: readonly AnalyzedModule[] };
}

declare module '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js' {
  export function litPlugin(): readonly unknown[];
}
