import { CircleAlert, CircleCheck, ShieldQuestion } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Realm } from '../../shared/vocabulary/ids.ts';
import type { LedgerEntryView, LedgerVerification } from '../../shared/vocabulary/ledger.ts';
import type { LedgerStatus } from '../../shared/vocabulary/status.ts';
import { call, messageOf } from '../state/call.ts';
import { useCurrentIncident, useHost } from '../state/host.ts';
import { useIntent } from '../state/intents.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Copyable } from '../ui/copyable.tsx';
import { Group } from '../ui/group.tsx';
import { Inert } from '../ui/inert.tsx';
import { Empty, Failed, Loading, Problem, Stale } from '../ui/panel-states.tsx';
import { Time } from '../ui/time.tsx';
import { countOf } from '../ui/words.ts';
import { DenialsChart } from './denials-chart.tsx';
import { entryLink } from './links.ts';
import { OneEntry } from './one-entry.tsx';
import { Upkeep } from './upkeep.tsx';
import { useEntries } from './use-entries.ts';
import { useSettled } from './use-settled.ts';
import { WeeklyReview } from './weekly-review.tsx';
import { Why } from './why.tsx';
import './ledger.css';

/** What stands on record, and whether it still holds. */
export function LedgerPage({ shown }: { shown: { realm: Realm | null; entry: number | null } }) {
  const current = useCurrentIncident();
  const [chosen, setRealm] = useState<Realm | null>(null);
  const realm = chosen ?? shown.realm ?? current?.realm ?? 'real';
  const ledger = useHost((host) => host.status?.ledgers[realm]);
  const [view, setView] = useState<'entries' | 'review'>('entries');
  useIntent('ledger.review', () => setView('review'));
  // Whoever follows a link to an entry, also out of the review, wants to see it.
  useEffect(() => {
    if (shown.entry !== null) setView('entries');
  }, [shown.entry]);
  return (
    <div className="page">
      <div className="page-inner ledger-page">
        <div className="page-head">
          <h1 className="page-title">Ledger</h1>
          <Group className="realm-switch" label="Realm">
            {Realm.options.map((one) => (
              <button
                key={one}
                type="button"
                className="chip-toggle"
                aria-pressed={one === realm}
                onClick={() => setRealm(one)}
              >
                {one === 'real' ? 'Real incidents' : 'Drills'}
              </button>
            ))}
          </Group>
          <span className="panel-gap" />
          <Group className="realm-switch" label="View">
            {VIEWS.map(({ name, label }) => (
              <button
                key={name}
                type="button"
                className="chip-toggle"
                aria-pressed={name === view}
                onClick={() => setView(name)}
              >
                {label}
              </button>
            ))}
          </Group>
        </div>
        {shown.entry !== null && realm === shown.realm && view === 'entries' && (
          <OneEntry key={shown.entry} realm={realm} seq={shown.entry} />
        )}
        {view === 'review' ? (
          <WeeklyReview key={`review ${realm}`} realm={realm} />
        ) : (
          <>
            {ledger && <Head key={`head ${realm}`} ledger={ledger} />}
            <DenialsChart key={`denials ${realm}`} realm={realm} size={ledger?.size ?? 0} />
            <Entries key={`${realm} ${ledger?.origin}`} realm={realm} size={ledger?.size ?? 0} />
          </>
        )}
      </div>
    </div>
  );
}

const VIEWS = [
  { name: 'entries', label: 'Entries' },
  { name: 'review', label: 'Weekly review' },
] as const;

function Head({ ledger }: { ledger: LedgerStatus }) {
  const [result, setResult] = useState<LedgerVerification | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const verify = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setResult(await call('ledger.verify', { realm: ledger.realm }));
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  useIntent('ledger.verify', () => void verify());
  return (
    <section className="box ledger-head" aria-label="State of the ledger">
      <div className="ledger-sentence">
        <p className={ledger.state === 'broken' ? 'ledger-broken-sentence' : ''}>
          <Inert text={ledger.sentence} />
        </p>
        <Button disabled={busy} onClick={() => void verify()}>
          {busy ? <span className="spinner" aria-hidden /> : <ShieldQuestion size={14} aria-hidden />}
          Verify
        </Button>
      </div>
      {problem && <Problem>{problem}</Problem>}
      <div aria-live="polite">{result && <Result result={result} />}</div>
      {ledger.checkpoint === null ? (
        <p className="muted">
          There is no checkpoint yet. The first one is signed as soon as there is an entry and the vault has a
          key.
        </p>
      ) : (
        <div>
          <h2 className="section-title">Checkpoint</h2>
          <p className="field-hint">
            Keep a copy elsewhere: whoever has it can tell later whether anything was changed.
          </p>
          <Checkpoint text={ledger.checkpoint} />
        </div>
      )}
      <Upkeep ledger={ledger} />
    </section>
  );
}

function Checkpoint({ text }: { text: string }) {
  return (
    <div className="checkpoint">
      <pre>
        <Inert text={text} lines />
      </pre>
      <CopyButton text={text}>Copy the checkpoint</CopyButton>
    </div>
  );
}

function Result({ result }: { result: LedgerVerification }) {
  if (result.ok) {
    return (
      <div className="ledger-result ledger-holds">
        <CircleCheck size={16} aria-hidden />
        <p>
          It holds: every one of {countOf(result.size)} entries, the tree and the signatures were checked
          again.
          <Copyable text={result.rootHex} label="Copy the root" />
        </p>
      </div>
    );
  }
  return (
    <div className="ledger-result ledger-broken" role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <p>
          It does not hold. Keep this data directory as it is, and compare it with a checkpoint kept
          elsewhere.
        </p>
        <ul>
          {result.problems.map((problem) => (
            <li key={problem}>
              <Inert text={problem} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Long enough that nobody's next letter asks the host again. */
const TYPING_RESTS_MS = 250;

function Entries({ realm, size }: { realm: Realm; size: number }) {
  const [kind, setKind] = useState('');
  const [typed, setTyped] = useState('');
  const text = useSettled(typed.trim(), TYPING_RESTS_MS);
  const { entries, kinds, problem, readMs, more, older, again } = useEntries(realm, { kind, text }, size);
  if (!entries) {
    return problem ? (
      <Failed title="The entries could not be read" message={problem} onRetry={again} />
    ) : (
      <Loading what="Reading the entries" />
    );
  }
  return (
    <section aria-label="Entries">
      <search className="ledger-filter">
        <label htmlFor="ledger-text">Search</label>
        <input
          id="ledger-text"
          type="search"
          className="input"
          autoComplete="off"
          spellCheck={false}
          maxLength={1000}
          placeholder={'words, "a phrase", a begin*'}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <label htmlFor="ledger-kind">Kind</label>
        <select
          id="ledger-kind"
          className="input"
          value={kind}
          onChange={(event) => setKind(event.target.value)}
        >
          <option value="">All kinds</option>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </search>
      {problem && <Stale problem={problem} asOfMs={readMs} onRetry={again} />}
      {entries.length === 0 ? (
        <div className="box">
          {kind === '' && text === '' ? (
            <Empty title="Nothing is on record here yet.">
              <p>
                Each observation, reading, proposal, decision and effect becomes an entry; none can be changed
                after.
              </p>
            </Empty>
          ) : (
            <Empty title="No entry is like that.">
              <p>All words must be in one entry. Try fewer of them, or another kind.</p>
            </Empty>
          )}
        </div>
      ) : (
        <div className="box">
          <table className="table ledger-table">
            <thead>
              <tr>
                <th>No.</th>
                <th>Time</th>
                <th>Kind</th>
                <th>Who</th>
                <th>What</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Entry key={entry.seq} realm={realm} entry={entry} />
              ))}
            </tbody>
          </table>
          {more && (
            <p className="ledger-more">
              <Button small onClick={older}>
                Show older entries
              </Button>
            </p>
          )}
        </div>
      )}
    </section>
  );
}

function Entry({ realm, entry }: { realm: Realm; entry: LedgerEntryView }) {
  const [open, setOpen] = useState(false);
  const [why, setWhy] = useState(false);
  return (
    <tr>
      <td>{entry.seq}</td>
      <td className="ledger-time">
        <Time atMs={entry.atMs} as="instant" />
      </td>
      <td>
        <code>
          <Inert text={entry.kind} />
        </code>
      </td>
      <td>
        <Inert text={entry.actor.name} />
        {entry.actor.name.toLowerCase() !== entry.actor.kind && (
          <span className="muted"> {entry.actor.kind}</span>
        )}
      </td>
      <td className="ledger-body">
        <div className="ledger-line">
          <span>
            <Inert text={entry.says} />
          </span>
          <span className="ledger-line-links">
            <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Fold' : 'Show'}
              <span className="visually-hidden"> entry {entry.seq}</span>
            </button>
            <button type="button" className="link" aria-expanded={why} onClick={() => setWhy(!why)}>
              Why<span className="visually-hidden"> entry {entry.seq}</span>
            </button>
            <a href={entryLink(realm, entry.seq)}>
              Proof<span className="visually-hidden"> of entry {entry.seq}</span>
            </a>
          </span>
        </div>
        {why && <Why realm={realm} seq={entry.seq} />}
        {open && (
          <pre>
            <Inert text={JSON.stringify(entry.body, null, 2)} lines />
          </pre>
        )}
      </td>
    </tr>
  );
}
