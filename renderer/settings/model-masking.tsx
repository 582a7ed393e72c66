import { useId, useState } from 'react';
import { call } from '../state/call.ts';
import { useAttempt } from '../state/use-attempt.ts';
import { Button } from '../ui/button.tsx';
import { TextAreaField } from '../ui/field.tsx';
import { Inert } from '../ui/inert.tsx';
import { Problem } from '../ui/panel-states.tsx';

type Props = { maskAddresses: boolean; onMaskAddresses(mask: boolean): void };

const EXAMPLE =
  'jo@shop.example signed in from 10.2.3.4; orders.shop.svc.cluster.local refused DB_PASSWORD=not-a-real-one';

/** Whether addresses are masked too, and what any text would look like to the model. */
export function ModelMasking({ maskAddresses, onMaskAddresses }: Props) {
  const check = useId();
  const [text, setText] = useState(EXAMPLE);
  const [masked, setMasked] = useState<string | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const preview = () =>
    attempt(async () => setMasked((await call('model.previewMasking', { text, maskAddresses })).masked));
  return (
    <fieldset className="model-masking">
      <legend>Masked before it is sent</legend>
      <p className="muted">Secrets and data about persons always are.</p>
      <div className="check">
        <input
          id={check}
          type="checkbox"
          checked={maskAddresses}
          onChange={(event) => {
            onMaskAddresses(event.target.checked);
            setMasked(null);
          }}
        />
        <label htmlFor={check}>Network addresses and names of internal hosts, too</label>
      </div>
      <TextAreaField
        label="A text to try it on"
        rows={2}
        maxLength={20_000}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setMasked(null);
        }}
      />
      <div className="settings-line">
        <Button disabled={busy || text === ''} onClick={() => void preview()}>
          Show what the model would see
        </Button>
      </div>
      {masked !== null && (
        <output className="model-masked">
          <Inert text={masked} />
        </output>
      )}
      {problem && <Problem>{problem}</Problem>}
    </fieldset>
  );
}
