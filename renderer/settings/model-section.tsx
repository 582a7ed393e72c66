import { useEffect } from 'react';
import type { ModelView } from '../../shared/vocabulary/model.ts';
import { call } from '../state/call.ts';
import { useRead } from '../state/use-read.ts';
import { Chip } from '../ui/chip.tsx';
import { Inert } from '../ui/inert.tsx';
import { WhenRead } from '../ui/panel-states.tsx';
import { ModelAccess } from './model-access.tsx';
import { useModelDraft } from './model-draft.ts';
import { ModelForm } from './model-form.tsx';
import { ModelReplay } from './model-replay.tsx';

const REPLAY_LOOK_MS = 700;

/** Which analyst reads, with which model, where, and what a person agreed to. */
export function ModelSection() {
  const model = useRead('model', () => call('model.show', {}));
  return (
    <section className="box settings-section" aria-label="Model">
      <h2>Model</h2>
      <WhenRead of={model} loading="Reading the model settings" failed="The model settings could not be read">
        {(view) => <Model view={view} onView={model.take} />}
      </WhenRead>
    </section>
  );
}

function Model({ view, onView }: { view: ModelView; onView(view: ModelView): void }) {
  const draft = useModelDraft(view.settings);
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
      <ModelForm draft={draft} onView={onView} />
      <ModelAccess view={view} chosen={draft.value.chosen} onView={onView} />
      <ModelReplay view={view} chosen={draft.value.chosen} onView={onView} />
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
