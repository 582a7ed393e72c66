import {
  getViewportForBounds,
  ReactFlow,
  ReactFlowProvider,
  useOnViewportChange,
  useReactFlow,
  type Viewport,
} from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/panel-states.tsx';
import { counted } from '../ui/words.ts';
import { type Drawn, edgesOf, nodesOf } from './drawing.ts';
import { impactPath, strengths } from './impact.ts';
import { boundsOf, inView, type Room } from './in-view.ts';
import type { Places } from './places.ts';
import { ServiceNode } from './service-node.tsx';
import { usePlaces } from './use-places.ts';

const NODE_TYPES = { service: ServiceNode };
/** A name is 13 px high at zoom 1; below this it would be less than 11 px and is not drawn. */
const READABLE = 11 / 13;
/** Room for the badges above, and for the buttons at the right. */
const PADDING = { top: '14px', bottom: '42px', left: '8px', right: '40px' } as const;
const FARTHEST = 0.05;
/** On a large screen a small picture grows to this and no more: its names must not shout. */
const NEAREST = 1.25;
const SIDES = 48;
const ENDS = 56;
/** From here on only what is in view is drawn. */
const MANY = 100;

type GraphProps = {
  /** Names the picture, so that it is found again as it was left. */
  picture: string;
  topology: Topology;
  candidates: Candidates | null;
  selected: string | null;
  onSelect(service: string | null): void;
};

export function CorrelationGraph(props: GraphProps) {
  const places = usePlaces(props.picture, props.topology);
  if (!places) return <Loading what={`Laying out ${counted(props.topology.services.length, 'service')}`} />;
  return (
    <ReactFlowProvider>
      <Graph {...props} places={places} />
    </ReactFlowProvider>
  );
}

function Graph({
  picture,
  topology,
  candidates,
  selected,
  onSelect,
  places,
}: GraphProps & { places: Places }) {
  const path = useMemo(
    () => (selected === null ? null : impactPath(topology, selected, new Set(strengths(candidates).keys()))),
    [topology, candidates, selected],
  );
  const drawn = useMemo(
    () => ({ topology, candidates, places, selected, path, onSelect }),
    [topology, candidates, places, selected, path, onSelect],
  );
  const nodes = useMemo(() => nodesOf(drawn), [drawn]);
  const edges = useMemo(() => edgesOf(drawn), [drawn]);
  const box = useRef<HTMLDivElement>(null);
  const view = useView(box, drawn, picture);

  return (
    <div className="graph-box" ref={box} onPointerEnter={view.onEnter} onPointerLeave={view.onLeave}>
      <ReactFlow
        aria-label="Correlation graph"
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements={topology.services.length > MANY}
        zoomOnScroll={false}
        preventScrolling={false}
        minZoom={FARTHEST}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
        onInit={view.showFitting}
        onPaneClick={() => onSelect(null)}
        onMoveStart={(event) => {
          if (event) view.onMovedByHand();
        }}
      />
      <div className="graph-zoom">
        <Button small look="quiet" aria-label="Zoom in" onClick={() => view.zoom('in')}>
          <Plus size={13} aria-hidden />
        </Button>
        <Button small look="quiet" aria-label="Zoom out" onClick={() => view.zoom('out')}>
          <Minus size={13} aria-hidden />
        </Button>
        <Button small look="quiet" aria-label="Show the whole graph" onClick={view.showWhole}>
          <Maximize size={13} aria-hidden />
        </Button>
      </div>
    </div>
  );
}

/**
 * What part of the picture is in view: all of it where the names stay readable, else the trouble. It is chosen anew with the
 * size of the box and with newcomers, never once a person has moved it or has the pointer in it.
 */
function useView(box: RefObject<HTMLDivElement | null>, drawn: Drawn, picture: string) {
  const flow = useReactFlow();
  const moved = useRef(false);
  const inside = useRef(false);
  const newest = useRef(drawn);
  newest.current = drawn;

  useOnViewportChange({
    onChange: useCallback((viewport: Viewport) => tell(box.current, viewport.zoom), [box]),
  });

  const show = useCallback(
    (which: (drawn: Drawn, room: Room) => readonly string[], minZoom: number) => {
      const size = box.current?.getBoundingClientRect();
      if (!size || size.width === 0) return;
      const room = { width: (size.width - SIDES) / READABLE, height: (size.height - ENDS) / READABLE };
      const bounds = boundsOf(which(newest.current, room), newest.current.places);
      void flow.setViewport(getViewportForBounds(bounds, size.width, size.height, minZoom, NEAREST, PADDING));
      tell(box.current, flow.getZoom());
    },
    [flow, box],
  );
  const showFitting = useCallback(() => show(inView, READABLE), [show]);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (!moved.current) showFitting();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [showFitting, box]);

  const members = drawn.topology.services.map(({ id }) => id).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other members are another picture.
  useEffect(() => {
    if (moved.current || inside.current) return;
    const frame = requestAnimationFrame(showFitting);
    return () => cancelAnimationFrame(frame);
  }, [members, picture, showFitting]);

  return {
    showFitting,
    zoom: (which: 'in' | 'out') => {
      moved.current = true;
      void (which === 'in' ? flow.zoomIn() : flow.zoomOut());
    },
    showWhole: () => {
      moved.current = false;
      show(({ topology }) => topology.services.map(({ id }) => id), FARTHEST);
    },
    onMovedByHand: () => {
      moved.current = true;
    },
    onEnter: () => {
      inside.current = true;
    },
    onLeave: () => {
      inside.current = false;
    },
  };
}

/** Lets the style keep what is written at a readable size. */
function tell(element: HTMLElement | null, zoom: number): void {
  element?.style.setProperty('--zoom', zoom.toFixed(3));
  element?.classList.toggle('graph-far', zoom < READABLE - 0.001);
}
