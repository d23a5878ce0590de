// The whole picture in a corner, with a frame around what is in view. It is there when something is out of view.
import { html, svg, type TemplateResult } from 'lit';
import type { ZoomTransform } from 'd3-zoom';
import type { FlowModel } from './flow-model.ts';
import { kindOf } from './step-facts.ts';

const width = 132;
const highest = 150;

export function minimap(model: FlowModel): TemplateResult {
  const { frame, boxes } = model.layout;
  const height = Math.min(highest, Math.ceil((width * frame.height) / Math.max(1, frame.width)));
  return html`<svg
    class="minimap"
    width=${width}
    height=${height}
    viewBox="0 0 ${frame.width} ${frame.height}"
    aria-hidden="true"
  >
    ${Array.from(boxes, ([id, box]) => {
      const step = model.steps.get(id);
      return svg`<rect class="map-node ${step ? kindOf(step) : ''}" x=${box.x} y=${box.y} width=${box.width}
        height=${box.height} rx="12"/>`;
    })}
    <rect class="map-view" rx="16" />
  </svg>`;
}

/** Moves the frame to what is in view, and shows the map only when that is not all. */
export function moveMinimapView(canvas: HTMLElement, model: FlowModel, { x, y, k }: ZoomTransform): void {
  const map = canvas.parentElement?.querySelector<SVGElement>('.minimap');
  const view = map?.querySelector('.map-view');
  if (!map || !view) return;
  const { frame } = model.layout;
  const start = { x: Math.max(0, -x / k), y: Math.max(0, -y / k) };
  const end = {
    x: Math.min(frame.width, (canvas.clientWidth - x) / k),
    y: Math.min(frame.height, (canvas.clientHeight - y) / k),
  };
  view.setAttribute('x', `${start.x}`);
  view.setAttribute('y', `${start.y}`);
  view.setAttribute('width', `${Math.max(0, end.x - start.x)}`);
  view.setAttribute('height', `${Math.max(0, end.y - start.y)}`);
  const isAllSeen = end.x - start.x >= frame.width - 1 && end.y - start.y >= frame.height - 1;
  map.toggleAttribute('data-needless', isAllSeen);
}
