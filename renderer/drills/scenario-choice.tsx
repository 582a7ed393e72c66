import { useEffect, useRef, useState } from 'react';
import type { ScenarioSummary } from '../../shared/vocabulary/drill.ts';
import { call } from '../state/call.ts';
import { keepIncident, usePerson } from '../state/host.ts';
import { usePastDrills } from '../state/past-drills.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { closeDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Group } from '../ui/group.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { counted, countOf } from '../ui/words.ts';
import { matching, type Played, playedBy } from './best-scores.ts';
import { StartingDrill } from './starting-drill.tsx';
import './drills.css';

const MOST_SEED = 2 ** 31;
/** Fewer than this are seen at a glance, and a search would only be in the way. */
const WORTH_FILTERING = 5;

/** A list to choose from, with what this person made of each before; the seed is for whoever wants the same drill again. */
export function ScenarioChoice({
  scenarios,
  onStarted,
}: {
  scenarios: ScenarioSummary[];
  onStarted(id: string): void;
}) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [words, setWords] = useState('');
  const [difficulty, setDifficulty] = useState<number | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const [seed, setSeed] = useState('');
  const { busy, problem, attempt } = useAttempt();
  const played = playedBy(usePerson(), usePastDrills());

  const shown = matching(scenarios, { words, difficulty });
  const chosen = shown.find(({ name }) => name === wanted) ?? shown[0];
  const seedProblem = problemOfSeed(seed);
  const start = (scenario: string) =>
    attempt(async () => {
      const given = seed.trim() === '' ? {} : { seed: Number(seed) };
      const incident = await call('drills.start', { scenario, ...given });
      keepIncident(incident);
      closeDialog();
      onStarted(incident.id);
    });

  if (scenarios.length === 0) return <p>There is no scenario in resources/scenarios.</p>;
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && chosen && seedProblem === null) void start(chosen.name);
      }}
    >
      {scenarios.length >= WORTH_FILTERING && (
        <Filter
          scenarios={scenarios}
          words={words}
          difficulty={difficulty}
          onWords={setWords}
          onDifficulty={setDifficulty}
        />
      )}
      <fieldset className="scenarios">
        <legend className="visually-hidden">Scenario</legend>
        {shown.map((scenario, index) => (
          <Scenario
            key={scenario.name}
            scenario={scenario}
            played={played.get(scenario.name)}
            checked={scenario === chosen}
            ref={index === 0 ? first : null}
            onChoose={() => setWanted(scenario.name)}
          />
        ))}
      </fieldset>
      <p role="status" className="scenarios-count field-hint">
        {shown.length === 0
          ? 'No scenario is like that.'
          : shown.length < scenarios.length
            ? `${countOf(shown.length)} of ${counted(scenarios.length, 'scenario')}`
            : ''}
      </p>
      <details className="scenario-more">
        <summary>More</summary>
        <TextField
          label="Seed"
          value={seed}
          inputMode="numeric"
          placeholder="another one each time"
          hint="The same scenario and seed give the same drill again, to play it better or beside somebody else."
          error={seedProblem}
          onChange={(event) => setSeed(event.target.value)}
        />
      </details>
      {problem && <Problem>{problem}</Problem>}
      <div className="dialog-actions drill-dialog-actions">
        <StartingDrill isStarting={busy} />
        <Button onClick={closeDialog}>Cancel</Button>
        <Button type="submit" look="primary" disabled={busy || !chosen || seedProblem !== null}>
          {busy && <span className="spinner" aria-hidden />}
          {busy ? 'Starting…' : 'Start the drill'}
        </Button>
      </div>
    </form>
  );
}

function problemOfSeed(seed: string): string | null {
  if (seed.trim() === '') return null;
  const value = Number(seed);
  return Number.isInteger(value) && value >= 0 && value <= MOST_SEED
    ? null
    : `a whole number from 0 to ${countOf(MOST_SEED)}`;
}

type FilterProps = {
  scenarios: readonly ScenarioSummary[];
  words: string;
  difficulty: number | null;
  onWords(words: string): void;
  onDifficulty(difficulty: number | null): void;
};

function Filter({ scenarios, words, difficulty, onWords, onDifficulty }: FilterProps) {
  const levels = [...new Set(scenarios.map((one) => one.difficulty))].sort((a, b) => a - b);
  return (
    <div className="scenario-filter">
      <TextField
        label="Search"
        type="search"
        value={words}
        placeholder="a word of the title or the story"
        onChange={(event) => onWords(event.target.value)}
      />
      <Group label="Difficulty" className="scenario-levels">
        <span className="field-label" aria-hidden>
          Difficulty
        </span>
        {[null, ...levels].map((level) => (
          <button
            key={level ?? 'any'}
            type="button"
            className="chip-toggle"
            aria-pressed={level === difficulty}
            aria-label={level === null ? 'Any difficulty' : `Difficulty ${level}`}
            onClick={() => onDifficulty(level)}
          >
            {level ?? 'Any'}
          </button>
        ))}
      </Group>
    </div>
  );
}

type ScenarioProps = {
  scenario: ScenarioSummary;
  played: Played | undefined;
  checked: boolean;
  ref: React.Ref<HTMLInputElement>;
  onChoose(): void;
};

function Scenario({ scenario, played, checked, ref, onChoose }: ScenarioProps) {
  const { name, title, story, difficulty } = scenario;
  return (
    <label className="scenario">
      <input type="radio" name="scenario" value={name} checked={checked} ref={ref} onChange={onChoose} />
      <span className="scenario-title">
        <Inert text={title} />
      </span>
      <span className="scenario-facts muted">
        Difficulty {difficulty} of 5
        <span className="scenario-played">
          {played ? `best ${played.best} of ${counted(played.times, 'drill')}` : 'not played yet'}
        </span>
      </span>
      <span className="scenario-story">
        <Inert text={story} />
      </span>
    </label>
  );
}
