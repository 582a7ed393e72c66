import { LinkBase, type TellingChoices, type TellingView } from '../../shared/vocabulary/telling.ts';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { useDraft } from '../ui/draft.ts';
import { TextField } from '../ui/field.tsx';
import { Problem } from '../ui/panel-states.tsx';
import { Occasions } from './occasions.tsx';

type Props = { view: TellingView; onView(view: TellingView): void };

/** What this desktop shows, and where links in messages lead. What the file decides stands here and cannot be changed. */
export function TellingChoicesForm({ view: { choices, fixed, hasDesktop }, onView }: Props) {
  const { value: link, set: setLink, forget } = useDraft('settings.link', choices.link ?? '');
  const { busy, problem, attempt, tell } = useAttempt();
  const choose = (next: Partial<TellingChoices>) =>
    attempt(async () => onView(await call('telling.choose', { ...choices, ...next })));
  const keepLink = async () => {
    const parsed = LinkBase.nullable().safeParse(link.trim() === '' ? null : link.trim());
    if (!parsed.success) return tell(parsed.error.issues.map(({ message }) => message).join('; '));
    await attempt(async () => {
      onView(await call('telling.choose', { ...choices, link: parsed.data }));
      forget();
    });
  };
  return (
    <div className="telling-choices">
      {hasDesktop ? (
        <Occasions
          label="This desktop shows, while no window of Countersign is in front"
          chosen={choices.desktop.tells}
          drills={choices.desktop.drills}
          disabled={busy || fixed.desktop}
          onChange={(desktop) => void choose({ desktop })}
        />
      ) : (
        <p className="muted">Only the desktop application shows notifications of the system.</p>
      )}
      <form
        className="settings-line"
        aria-label="Where links lead"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void keepLink();
        }}
      >
        <TextField
          label="Links in messages lead to"
          value={link}
          inputMode="url"
          maxLength={300}
          placeholder="countersign:// (the desktop application)"
          disabled={fixed.link}
          onChange={(event) => setLink(event.target.value)}
        />
        <Button type="submit" disabled={busy || fixed.link || link.trim() === (choices.link ?? '')}>
          Keep
        </Button>
      </form>
      {(fixed.link || fixed.desktop) && <p className="muted">What telling.yaml says is changed there.</p>}
      {problem && <Problem>{problem}</Problem>}
    </div>
  );
}
