import { create } from 'zustand';

export const EVIDENCE_TABS = ['correlation', 'metrics', 'analyst', 'memory'] as const;
export type EvidenceTab = (typeof EVIDENCE_TABS)[number];
export type Column = 'timeline' | 'evidence' | 'command';
/** The dialogs that belong to the frame rather than to one card. */
export type FrameDialog =
  | 'palette'
  | 'keys'
  | 'stop'
  | 'lift'
  | 'drill'
  | 'endDrill'
  | 'incident'
  | 'case'
  | 'handOver'
  | 'challenge'
  | 'close';

type ViewState = {
  evidenceTab: EvidenceTab;
  /** Which column a narrow screen shows. */
  column: Column;
  dialog: FrameDialog | null;
  /** A change candidate or an event whose change is one. */
  selectedCandidate: string | null;
  selectedService: string | null;
  /** A timeline event that something links to. */
  soughtEvent: string | null;
  /** The card whose approval dialog is open, and the one that was focused last. */
  approving: string | null;
  denying: string | null;
  focusedProposal: string | null;
  /** The proposal of which somebody asks why it was suggested. */
  explaining: string | null;
};

/** What a person has opened, chosen and focused; nothing in here comes from the host. */
export const useView = create<ViewState>(() => ({
  evidenceTab: 'correlation',
  column: 'evidence',
  dialog: null,
  selectedCandidate: null,
  selectedService: null,
  soughtEvent: null,
  approving: null,
  denying: null,
  focusedProposal: null,
  explaining: null,
}));

export const showTab = (evidenceTab: EvidenceTab) => useView.setState({ evidenceTab, column: 'evidence' });
export const showColumn = (column: Column) => useView.setState({ column });
export const openDialog = (dialog: FrameDialog) => useView.setState({ dialog });
export const closeDialog = () => useView.setState({ dialog: null });
export const selectCandidate = (id: string | null, service: string | null) =>
  useView.setState({ selectedCandidate: id, selectedService: service });
/** Brings an event of the timeline into view. */
export const seekEvent = (key: string) => useView.setState({ soughtEvent: key, column: 'timeline' });
