// How far an export has come.
import type { LoadFailure } from '../connection/load-failure.ts';
import type { ExportDetail } from '../events/export-start.ts';

export type ExportPhase =
  | { readonly name: 'idle' }
  | { readonly name: 'preparing'; readonly detail: ExportDetail }
  | {
      readonly name: 'running';
      readonly detail: ExportDetail;
      readonly exportId: string;
      readonly rows: number;
      readonly sent: number;
    }
  | { readonly name: 'done'; readonly rows: number }
  | { readonly name: 'stopped'; readonly detail: ExportDetail; readonly rows: number; readonly sent: number }
  | { readonly name: 'expired'; readonly detail: ExportDetail }
  /** No export has begun. */
  | { readonly name: 'failed'; readonly detail: ExportDetail; readonly failure: LoadFailure }
  /** One has begun, and nobody can say how it ended. */
  | { readonly name: 'unknown'; readonly failure: LoadFailure };
