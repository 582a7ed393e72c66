import { useState } from 'react';
import { Theme } from '../../shared/vocabulary/status.ts';
import { askForPassphrase, call, messageOf } from '../state/call.ts';
import { useStatus } from '../state/host.ts';
import { Button } from '../ui/button.tsx';
import { Group } from '../ui/group.tsx';
import { Loading, Problem } from '../ui/panel-states.tsx';
import { Connections } from './connections.tsx';
import { IdentitySection } from './identity-section.tsx';
import { ModelSection } from './model-section.tsx';
import { TellingSection } from './telling-section.tsx';
import './settings.css';

export function SettingsPage() {
  const status = useStatus();
  if (!status) return <Loading what="Reading the settings" />;
  return (
    <div className="page">
      <div className="page-inner settings-page">
        <div className="page-head">
          <h1 className="page-title">Settings</h1>
          <span className="muted">Countersign {status.version}</span>
        </div>
        <Connections />
        <ModelSection />
        <TellingSection />
        <IdentitySection />
        <Vault state={status.vault} />
        <Appearance theme={status.theme} />
      </div>
    </div>
  );
}

const VAULT = {
  new: 'It was not set up yet. Choose a passphrase, so that approvals and the ledger can be signed and credentials be kept.',
  locked:
    'It is locked: keys and credentials cannot be read. Connections that were open go on reading with what they have.',
  unlocked: 'It is open. Keys and credentials stay on this machine.',
} as const;

function Vault({ state }: { state: keyof typeof VAULT }) {
  return (
    <section className="box settings-section" aria-label="Vault">
      <h2>Vault</h2>
      <p className="muted">{VAULT[state]}</p>
      {state !== 'unlocked' && (
        <p>
          <Button onClick={askForPassphrase}>
            {state === 'new' ? 'Set up the vault' : 'Unlock the vault'}
          </Button>
        </p>
      )}
    </section>
  );
}

const THEMES: Record<Theme, string> = { system: 'Follow the system', dark: 'Dark', light: 'Light' };

function Appearance({ theme }: { theme: Theme }) {
  const [problem, setProblem] = useState<string | null>(null);
  const choose = (chosen: Theme) => {
    setProblem(null);
    call('settings.setTheme', { theme: chosen }).catch((error: unknown) => setProblem(messageOf(error)));
  };
  return (
    <section className="box settings-section" aria-label="Appearance">
      <h2>Appearance</h2>
      <Group className="settings-themes" label="Theme">
        {Theme.options.map((one) => (
          <button
            key={one}
            type="button"
            className="chip-toggle"
            aria-pressed={one === theme}
            onClick={() => choose(one)}
          >
            {THEMES[one]}
          </button>
        ))}
      </Group>
      {problem && <Problem>{problem}</Problem>}
    </section>
  );
}
