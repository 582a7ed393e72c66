import type { EnvelopeContent } from '../../shared/vocabulary/envelope.ts';
import { Inert } from '../ui/inert.tsx';

/** What an envelope says, section by section. */
export function EnvelopeContents({ content }: { content: EnvelopeContent }) {
  return (
    <>
      <Section title="May be proposed" lines={content.mayPropose} none="Nothing: every proposal is denied." />
      <Section title="Ceremony" lines={content.tiers} none="No tier is named." />
      <Section title="Windows" lines={content.windows} none="No window, freeze or backup is named." />
      <Section title="Limits" lines={content.limits} none="No limit is named." />
      <Section
        title="Approvers"
        lines={content.approvers}
        none="None is named: whoever works on this installation may approve everything."
      />
      <Section title="Policies" lines={content.policies} none="There is none: everything is denied." />
    </>
  );
}

function Section({ title, lines, none }: { title: string; lines: string[]; none: string }) {
  return (
    <section className="box envelope-section">
      <h2>{title}</h2>
      {lines.length === 0 ? (
        <p className="muted">{none}</p>
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line}>
              <Inert text={line} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
