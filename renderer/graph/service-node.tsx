import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { Activity, TriangleAlert } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import type { ChangeKind } from '../../shared/vocabulary/kinds.ts';
import { CHANGE_ICONS } from '../ui/change-icons.ts';
import { inertLine } from '../ui/inert-text.ts';
import type { Strength } from './impact.ts';

export type ServiceData = {
  name: string;
  strength: Strength;
  /** Changes of this service in the window by kind, and the rank of its best one when that is worth reading. */
  changes: readonly { kind: ChangeKind; count: number }[];
  rank: number | null;
  selected: boolean;
  dimmed: boolean;
  onSelect(): void;
};
export type ServiceNodeType = Node<ServiceData, 'service'>;

const ICONS = [Activity, Activity, Activity, TriangleAlert] as const;
/** Kinds that fit beside a name; the count is of all. */
const MOST_KINDS = 3;

export const ServiceNode = memo(({ data }: NodeProps<ServiceNodeType>) => {
  const { name, strength, changes, rank, selected, dimmed } = data;
  const Icon = ICONS[strength.step];
  const count = changes.reduce((sum, one) => sum + one.count, 0);
  const told = changes.map((one) => `${one.count} ${one.kind}`).join(', ');
  const title = [strength.worst?.sentence ?? `${name}: normal`, ...(count > 0 ? [`Changes: ${told}`] : [])];
  const isLoud = selected || strength.step > 0 || rank !== null;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} className="service-handle" />
      <button
        type="button"
        className={`service-node service-${strength.step} ${dimmed ? 'service-dimmed' : ''} ${isLoud ? 'service-loud' : ''} nodrag nopan`}
        style={{ '--glow': glowOf(strength) } as CSSProperties}
        aria-pressed={selected}
        title={title.map(inertLine).join('\n')}
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
        {count > 0 && (
          <span className={`service-changes ${rank === null ? '' : 'service-changes-ranked'}`}>
            {changes.slice(0, MOST_KINDS).map(({ kind }) => {
              const Kind = CHANGE_ICONS[kind];
              return <Kind key={kind} size={11} aria-hidden />;
            })}
            {count}
            <span className="visually-hidden">{count === 1 ? ' change' : ' changes'}</span>
            {rank !== null && <strong>#{rank}</strong>}
          </span>
        )}
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} className="service-handle" />
    </>
  );
});

/** 0 to 1, by the size of the deviation rather than by its steps: ten times as far off is twice as bright. */
const glowOf = ({ worst }: Strength): number =>
  worst ? Math.min(1, Math.log10(1 + Math.max(0, worst.strength)) / 2) : 0;
