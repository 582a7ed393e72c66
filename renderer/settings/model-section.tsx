import { useEffect, useState } from 'react';
import type { ModelSettings, ModelView } from '../../shared/vocabulary/model.ts';
import { call, messageOf } from '../state/call.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { Failed, Loading } from '../ui/panel-states.tsx';
import { ModelAccess } from './model-access.tsx';
import { ModelForm } from './model-form.tsx';
import { ModelReplay } from './model-replay.tsx';

const REPLAY_LOOK_MS = 700;

/** Which analyst reads, with which model, where, and what a person agreed to. */
export function ModelSection() {
  const [view, setView] = useState<ModelView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = () => {
    setProblem(null);
    call('model.show', {})
      .then(setView)
      .catch((error: unknown) => setProblem(messageOf(error)));
  };
  useEffect(read, []);
  return (
    <section className="box settings-section" aria-label="Model">
      <h2>Model</h2>
      {view ? (
        <Model view={view} onView={setView} />
      ) : problem ? (
        <Failed title="The model settings could not be read" message={problem} onRetry={read} />
      ) : (
        <Loading what="Reading the model settings" />
      )}
    </section>
  );
}

function Model({ view, onView }: { view: ModelView; onView(view: ModelView): void }) {
  const [draft, setDraft] = useState<ModelSettings>(view.settings);
  const { state } = view.replay;
  useEffect(() => {
    if (state !== 'running') return;
    const timer = setInterval(() => {
      call('model.show', {})
        .then(onView)
        // The next look tells; a host that is gone is said by the whole screen.
        .catch(() => undefined);
    }, REPLAY_LOOK_MS);
    return () => clearInterval(timer);
  }, [state, onView]);
  return (
    <>
      <ul className="model-uses">
        <Uses where="Real incidents" {...view.uses.real} />
        <Uses where="Drills" {...view.uses.drill} />
      </ul>
      <ModelForm draft={draft} onDraft={setDraft} onView={onView} />
      <ModelAccess view={view} chosen={draft.chosen} onView={onView} />
      <ModelReplay view={view} chosen={draft.chosen} onView={onView} />
    </>
  );
}

const Uses = ({ where, model, why }: { where: string; model: string; why: string }) => (
  <li>
    <span className="model-where">{where}</span>
    <Chip tone="accent">
      <Inert text={model} />
    </Chip>
    <span className="muted">
      <Inert text={why} />
    </span>
  </li>
);
