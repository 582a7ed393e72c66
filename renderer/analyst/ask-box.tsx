import { CornerDownLeft } from 'lucide-react';
import type { Incident } from '../../shared/vocabulary/incident.ts';
import { call } from '../state/call.ts';
import { useStopped } from '../state/host.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { unlessChanged, useDraft } from '../ui/draft.ts';
import { Problem } from '../ui/panel-states.tsx';

/** A question to the analyst. It reads to answer, and suggests nothing. */
export function AskBox({ incident }: { incident: Incident }) {
  const { value: question, set: setQuestion } = useDraft(`question.${incident.id}`);
  const { busy, problem, attempt } = useAttempt();
  const stopped = useStopped();
  const ask = () =>
    attempt(async () => {
      const utcOffsetMinutes = -new Date().getTimezoneOffset();
      await call('analyst.ask', { incident: incident.id, question: question.trim(), utcOffsetMinutes });
      setQuestion(unlessChanged(question));
    });
  return (
    <form
      className="ask-box"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && question.trim() !== '') void ask();
      }}
    >
      {problem && <Problem>{problem}</Problem>}
      <div className="ask-line">
        <input
          className="input"
          aria-label="Ask a question"
          placeholder="Ask: what changed on checkout since 09:00?"
          autoComplete="off"
          maxLength={500}
          value={question}
          disabled={stopped}
          onChange={(event) => setQuestion(event.target.value)}
        />
        <Button type="submit" small disabled={busy || stopped || question.trim() === ''}>
          <CornerDownLeft size={12} aria-hidden />
          Ask
        </Button>
      </div>
    </form>
  );
}
