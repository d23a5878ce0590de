// What Vite needs for Angular: its compiler for the templates of this console, and its linker for the packages of Angular,
// which are published half compiled. Both run here, so that the page needs no compiler and no `eval`.
import { join } from 'node:path';
import {
  createCompilerHost,
  formatDiagnostics,
  performCompilation,
  readConfiguration,
  type Program,
} from '@angular/compiler-cli';
import linker from '@angular/compiler-cli/linker/babel';
import { transformAsync } from '@babel/core';
import type { Plugin } from 'vite';
import type { HostSettings } from '../build.ts';

const project = join(import.meta.dirname, 'tsconfig.json');
const widgets = join(import.meta.dirname, '../../../widgets');

/** What is wrong with the console's own files; the widgets' sources are checked elsewhere. */
function whatIsWrong(program: Program): ReturnType<Program['getNgStructuralDiagnostics']> {
  const own = program
    .getTsProgram()
    .getSourceFiles()
    .filter(({ fileName }) => fileName.includes('/demo/hosts/'));
  return [
    ...program.getTsOptionDiagnostics(),
    ...program.getNgOptionDiagnostics(),
    ...program.getNgStructuralDiagnostics(),
    ...own.flatMap((file) => [
      ...program.getTsSyntacticDiagnostics(file),
      ...program.getTsSemanticDiagnostics(file),
      ...program.getNgSemanticDiagnostics(file.fileName),
    ]),
  ];
}

/** The files of the console as JavaScript, by their paths. @throws Error with what the compiler says */
function compile(): ReadonlyMap<string, string> {
  const { rootNames, options, errors } = readConfiguration(project, {
    noEmit: false,
    // The types too come from the sources: a package need not have been packed.
    paths: {
      'journey-analytics': [join(widgets, 'index.ts')],
      'journey-analytics/*': [join(widgets, '*.ts')],
    },
  });
  const host = createCompilerHost({ options });
  const files = new Map<string, string>();
  host.writeFile = (file, text) => files.set(file.replace(/\.js$/, '.ts'), text);
  const { diagnostics } = performCompilation({ rootNames, options, host, gatherDiagnostics: whatIsWrong });
  const said = [...errors, ...diagnostics];
  if (said.length > 0) throw new Error(formatDiagnostics(said));
  return files;
}

let compiled: ReadonlyMap<string, string> = new Map();

const templates: Plugin = {
  name: 'angular-templates',
  enforce: 'pre',
  buildStart() {
    compiled = compile();
  },
  load: {
    filter: { id: /\/hosts\/(angular\/src|shared)\/[^?]*\.ts$/ },
    handler: (id) => compiled.get(id) ?? null,
  },
};

const packages: Plugin = {
  name: 'angular-packages',
  transform: {
    filter: { id: /\/@angular\/.*\.mjs$/, code: 'ɵɵngDeclare' },
    async handler(code, id) {
      const linked = await transformAsync(code, {
        filename: id,
        configFile: false,
        babelrc: false,
        compact: false,
        plugins: [linker],
      });
      return linked?.code ? { code: linked.code, map: null } : null;
    },
  },
};

export const settings: HostSettings = {
  plugins: [templates, packages],
  define: { ngDevMode: 'false', ngJitMode: 'false', ngServerMode: 'false', ngI18nClosureMode: 'false' },
};
