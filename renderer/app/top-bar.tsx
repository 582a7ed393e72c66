import { BookOpenCheck, CircleAlert, OctagonX, ShieldCheck } from 'lucide-react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import type { LedgerStatus, Stage } from '../../shared/vocabulary/status.ts';
import { useCurrentIncident, useStatus } from '../state/host.ts';
import { useClock } from '../state/now.ts';
import { openDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { inertLine } from '../ui/inert-text.ts';
import { MODIFIER_KEY } from '../ui/modifier-key.ts';
import { countOf, duration, sentenceCase } from '../ui/words.ts';
import { addressOf } from './router.ts';
import { Sources } from './sources.tsx';

export function TopBar() {
  const incident = useCurrentIncident();
  const status = useStatus();
  const realm = incident?.realm ?? 'real';
  return (
    <header className="top-bar">
      <a className="top-bar-mark" aria-label="Countersign" href={addressOf('incidents')}>
        <ShieldCheck size={18} aria-hidden />
        <span>Countersign</span>
      </a>
      {incident ? (
        <About incident={incident} />
      ) : (
        <span className="top-bar-none">No incident is being worked</span>
      )}
      <span className="panel-gap" />
      {status && (
        <>
          <StageChip stage={status.stage} />
          <LedgerMark ledger={status.ledgers[realm]} />
          <Sources sources={status.sources.filter((source) => source.realm === realm)} />
        </>
      )}
      <Button
        look="quiet"
        small
        title={`Every command (${MODIFIER_KEY} K)`}
        onClick={() => openDialog('palette')}
      >
        <span className="visually-hidden">Open the command palette: </span>
        {MODIFIER_KEY} K
      </Button>
      <Button look="stop" disabled={!status || status.stop.stopped} onClick={() => openDialog('stop')}>
        <OctagonX size={15} aria-hidden />
        Stop everything
      </Button>
    </header>
  );
}

function About({ incident }: { incident: Incident }) {
  const nowMs = useClock(incident.realm);
  const untilMs = incident.closedMs ?? nowMs;
  return (
    <div className="top-bar-incident">
      <strong className="top-bar-title" title={inertLine(incident.title)}>
        {inertLine(incident.title)}
      </strong>
      <Chip tone={incident.severity === 'sev1' || incident.severity === 'sev2' ? 'warn' : 'plain'}>
        {incident.severity.toUpperCase()}
      </Chip>
      <Chip tone={incident.status === 'open' ? 'accent' : incident.status === 'mitigated' ? 'good' : 'plain'}>
        {sentenceCase(incident.status)}
      </Chip>
      <span className="top-bar-fact" title="Time since the incident was opened">
        {duration(untilMs - incident.openedMs)}
      </span>
      <span className="top-bar-fact top-bar-commander" title="Commander">
        {inertLine(incident.commander)}
      </span>
    </div>
  );
}

const STAGES: Record<Stage, string> = {
  shadow: 'Shadow: proposals are made and nothing is executed; agreement is measured.',
  supervised: 'Supervised: each action is countersigned by a named human.',
  bounded: 'Bounded: standing orders may act within their limits.',
};

const StageChip = ({ stage }: { stage: Stage }) => <Chip title={STAGES[stage]}>{sentenceCase(stage)}</Chip>;

const LEDGER_WORDS: Record<LedgerStatus['state'], string> = {
  empty: 'empty',
  verifying: 'verifying',
  holds: 'holds',
  unsigned: 'unsigned',
  broken: 'does not hold',
};

function LedgerMark({ ledger }: { ledger: LedgerStatus }) {
  const broken = ledger.state === 'broken';
  const Icon = broken ? CircleAlert : BookOpenCheck;
  return (
    <div
      className={`top-bar-ledger ${broken ? 'top-bar-ledger-broken' : ''}`}
      title={inertLine(ledger.sentence)}
    >
      <Icon size={14} aria-hidden />
      <span role="status" aria-label="Ledger">
        {ledger.state === 'holds' ? '✓ ' : ''}
        {countOf(ledger.size)} {ledger.size === 1 ? 'entry' : 'entries'}
        {ledger.state === 'holds' ? (
          <span className="visually-hidden"> holds</span>
        ) : (
          ` · ${LEDGER_WORDS[ledger.state]}`
        )}
      </span>
    </div>
  );
}
