import { type Edge, MarkerType, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Plus } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { Candidates } from '../../shared/vocabulary/candidate.ts';
import type { Topology } from '../../shared/vocabulary/topology.ts';
import { Button } from '../ui/button.tsx';
import { callKey, impactPath, NORMAL, strengths } from './impact.ts';
import { layOut, NODE_HEIGHT, NODE_WIDTH, topologyKey } from './lay-out.ts';
import { ServiceNode, type ServiceNodeType } from './service-node.tsx';

const NODE_TYPES = { service: ServiceNode };
/** Room for the badges above, and for the buttons at the right. */
const FIT = { padding: { top: '12px', bottom: '6px', left: '6px', right: '44px' }, maxZoom: 1.15 } as const;

type GraphProps = {
  topology: Topology;
  candidates: Candidates | null;
  selected: string | null;
  onSelect(service: string | null): void;
};

export function CorrelationGraph(props: GraphProps) {
  return (
    <ReactFlowProvider>
      <Graph {...props} />
    </ReactFlowProvider>
  );
}

function Graph({ topology, candidates, selected, onSelect }: GraphProps) {
  const key = topologyKey(topology);
  // biome-ignore lint/correctness/useExhaustiveDependencies: laid out once per topology, so that nothing moves.
  const places = useMemo(() => layOut(topology), [key]);
  const nodes = useMemo(
    () => nodesOf({ topology, candidates, selected, onSelect }, places),
    [topology, candidates, selected, onSelect, places],
  );
  const edges = useMemo(() => edgesOf({ topology, candidates, selected }), [topology, candidates, selected]);
  const box = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  const flow = useReactFlow();

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (!moved.current) void flow.fitView(FIT);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [flow]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another topology is another picture.
  useEffect(() => {
    moved.current = false;
    const frame = requestAnimationFrame(() => void flow.fitView(FIT));
    return () => cancelAnimationFrame(frame);
  }, [key, flow]);

  return (
    <div className="graph-box" ref={box}>
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
        zoomOnScroll={false}
        preventScrolling={false}
        minZoom={0.2}
        maxZoom={2}
        fitView
        fitViewOptions={FIT}
        proOptions={{ hideAttribution: true }}
        onPaneClick={() => onSelect(null)}
        onMoveStart={(event) => {
          if (event) moved.current = true;
        }}
      />
      <div className="graph-zoom">
        <Button small look="quiet" aria-label="Zoom in" onClick={() => void flow.zoomIn()}>
          <Plus size={13} aria-hidden />
        </Button>
        <Button small look="quiet" aria-label="Zoom out" onClick={() => void flow.zoomOut()}>
          <Minus size={13} aria-hidden />
        </Button>
        <Button
          small
          look="quiet"
          aria-label="Show the whole graph"
          onClick={() => {
            moved.current = false;
            void flow.fitView(FIT);
          }}
        >
          <Maximize size={13} aria-hidden />
        </Button>
      </div>
    </div>
  );
}

function nodesOf(
  { topology, candidates, selected, onSelect }: GraphProps,
  places: ReadonlyMap<string, { x: number; y: number }>,
): ServiceNodeType[] {
  const off = strengths(candidates);
  const path = selected === null ? null : impactPath(topology, selected, new Set(off.keys()));
  return topology.services.map(({ id }) => {
    const changes = candidates?.changes.filter(({ service }) => service === id) ?? [];
    const rank = candidates?.changes.findIndex(({ service }) => service === id) ?? -1;
    return {
      id,
      type: 'service',
      position: places.get(id) ?? { x: 0, y: 0 },
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
      data: {
        name: id,
        strength: off.get(id) ?? NORMAL,
        changes: changes.length,
        rank: candidates && rank >= 0 && rank < candidates.worthReading ? rank + 1 : null,
        selected: id === selected,
        dimmed: path !== null && !path.services.has(id),
        onSelect: () => onSelect(id === selected ? null : id),
      },
    };
  });
}

function edgesOf({ topology, candidates, selected }: Omit<GraphProps, 'onSelect'>): Edge[] {
  const off = new Set(strengths(candidates).keys());
  const path = selected === null ? null : impactPath(topology, selected, off);
  return topology.calls.map(({ from, to }) => {
    const key = callKey(from, to);
    const onPath = path ? path.calls.has(key) : off.has(from) && off.has(to);
    const look = onPath ? 'call-on' : path ? 'call-dimmed' : 'call-off';
    return {
      id: key,
      source: from,
      target: to,
      className: look,
      zIndex: onPath ? 1 : 0,
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: 'var(--edge)' },
    };
  });
}
