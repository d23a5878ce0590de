// The console in React 19, which sets properties of elements and hears their events by itself.
import 'journey-analytics/define';
import type {} from 'journey-analytics/react';
import { createRoot } from 'react-dom/client';
import { Console } from './console.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(<Console />);
