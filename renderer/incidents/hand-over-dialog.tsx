import { useEffect, useState } from 'react';
import { IncidentId } from '../../shared/vocabulary/ids.ts';
import { call } from '../state/call.ts';
import { useCurrentIncident } from '../state/host.ts';
import { useRead } from '../state/use-read.ts';
import { closeDialog } from '../state/view.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { InertMarkdown } from '../ui/inert-markdown.tsx';
import { Empty, WhenRead } from '../ui/panel-states.tsx';

/** What the next commander has to know: on the clipboard as Markdown at once, and here to read. */
export function HandOverDialog() {
  const incident = useCurrentIncident();
  return (
    <Dialog
      title="Hand over"
      about="From the record alone, as of now. Paste it where the next commander reads it."
      wide
      onClose={closeDialog}
    >
      {incident ? (
        <Summary key={incident.id} incident={incident.id} />
      ) : (
        <Empty title="There is no incident to hand over.">
          <p>Open one, or run a drill.</p>
        </Empty>
      )}
    </Dialog>
  );
}

function Summary({ incident }: { incident: string }) {
  const summary = useRead(incident, () =>
    call('incidents.handOver', { incident: IncidentId.parse(incident) }),
  );
  return (
    <WhenRead of={summary} loading="Reading the record" failed="The hand-over could not be made">
      {({ markdown }) => <Copied markdown={markdown} />}
    </WhenRead>
  );
}

function Copied({ markdown }: { markdown: string }) {
  const [isCopied, setCopied] = useState<boolean | null>(null);
  useEffect(() => {
    let isShown = true;
    navigator.clipboard.writeText(markdown).then(
      () => isShown && setCopied(true),
      () => isShown && setCopied(false),
    );
    return () => {
      isShown = false;
    };
  }, [markdown]);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls with keys has to get into it. */}
      <section className="hand-over" aria-label="Hand-over summary" tabIndex={0}>
        <InertMarkdown text={markdown} />
      </section>
      <div className="dialog-actions">
        <span role="status" className="field-hint">
          {isCopied === true && 'Copied as Markdown.'}
          {isCopied === false && 'Not copied yet: use the button, or select the text.'}
        </span>
        <CopyButton text={markdown}>Copy it again</CopyButton>
        <Button look="primary" onClick={closeDialog}>
          Done
        </Button>
      </div>
    </>
  );
}
