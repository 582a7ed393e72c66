import {
  BookOpenCheck,
  FileText,
  Layers,
  ListTree,
  type LucideIcon,
  Settings,
  ShieldCheck,
} from 'lucide-react';
import { useHost } from '../state/host.ts';
import { addressOf, type PlaceName } from './router.ts';

const PLACES: readonly { place: PlaceName; label: string; icon: LucideIcon }[] = [
  { place: 'incidents', label: 'Incidents', icon: ListTree },
  { place: 'room', label: 'Room', icon: Layers },
  { place: 'report', label: 'Report', icon: FileText },
  { place: 'ledger', label: 'Ledger', icon: BookOpenCheck },
  { place: 'envelope', label: 'Envelope', icon: ShieldCheck },
  { place: 'settings', label: 'Settings', icon: Settings },
];

/** A place that has no entry of its own belongs to one that has. */
const NEIGHBOURS: Partial<Record<PlaceName, PlaceName>> = { debrief: 'incidents', sent: 'room' };

export function Navigation({ place: current }: { place: PlaceName }) {
  const incident = useHost((host) => host.currentIncident);
  return (
    <nav className="navigation" aria-label="Places">
      {PLACES.map(({ place, label, icon: Icon }) => (
        <a
          key={place}
          className="navigation-link"
          href={addressOf(place, incident)}
          aria-current={place === (NEIGHBOURS[current] ?? current) ? 'page' : undefined}
        >
          <Icon size={17} strokeWidth={1.75} aria-hidden />
          {label}
        </a>
      ))}
    </nav>
  );
}
