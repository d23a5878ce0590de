// The console in Angular: `[name]` binds a property of an element, `(name)` hears an event.
import 'journey-analytics/define';
import { bootstrapApplication } from '@angular/platform-browser';
import { NorthwindConsole } from './northwind-console.ts';

bootstrapApplication(NorthwindConsole).catch((error: unknown) => console.error(error));
