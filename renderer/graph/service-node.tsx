import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { Activity, GitCommitHorizontal, TriangleAlert } from 'lucide-react';
import { inertLine } from '../ui/inert-text.ts';
import type { Strength } from './impact.ts';

export type ServiceData = {
  name: string;
  strength: Strength;
  /** Changes of this service in the window, and the rank of its best one when that is worth reading. */
  changes: number;
  rank: number | null;
  selected: boolean;
  dimmed: boolean;
  onSelect(): void;
};
export type ServiceNodeType = Node<ServiceData, 'service'>;

const ICONS = [Activity, Activity, Activity, TriangleAlert] as const;

export function ServiceNode({ data }: NodeProps<ServiceNodeType>) {
  const { name, strength, changes, rank, selected, dimmed } = data;
  const Icon = ICONS[strength.step];
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="service-handle" />
      <button
        type="button"
        className={`service-node service-${strength.step} ${dimmed ? 'service-dimmed' : ''} nodrag nopan`}
        aria-pressed={selected}
        title={inertLine(strength.worst?.sentence ?? `${name}: normal`)}
        onClick={data.onSelect}
      >
        <span className="service-name">{inertLine(name)}</span>
        {strength.step === 0 ? (
          <span className="visually-hidden">: normal</span>
        ) : (
          <span className="service-word">
            <Icon size={11} aria-hidden />
            {strength.word}
          </span>
        )}
        {changes > 0 && (
          <span className={`service-changes ${rank === null ? '' : 'service-changes-ranked'}`}>
            <GitCommitHorizontal size={11} aria-hidden />
            {changes}
            <span className="visually-hidden">{changes === 1 ? ' change' : ' changes'}</span>
            {rank !== null && <strong>#{rank}</strong>}
          </span>
        )}
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} className="service-handle" />
    </>
  );
}
