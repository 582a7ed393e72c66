import { Button, type ButtonLook } from '../ui/button.tsx';
import { Chip, type Tone } from '../ui/chip.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Copyable } from '../ui/copyable.tsx';
import { EvidenceLinks } from '../ui/evidence-links.tsx';
import { SelectField, TextAreaField, TextField } from '../ui/field.tsx';
import { Group } from '../ui/group.tsx';
import { SearchBox } from '../ui/search-box.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { TextEditor } from '../ui/text-editor.tsx';
import type { Specimen } from './specimen.ts';

const LOOKS: readonly ButtonLook[] = ['plain', 'primary', 'stop', 'quiet'];
const TONES: readonly Tone[] = ['plain', 'good', 'warn', 'bad', 'accent'];
export const LONG = 'payments-reconciliation-worker-for-the-northern-region-with-a-very-long-name-v2';
const ignore = () => {};
const change = { onChange: ignore };
const editor = {
  label: 'Text of the note',
  action: 'Save note',
  hint: 'Markdown.',
  rows: 3,
  maxLength: 4_000,
  busy: false,
  onText: ignore,
  onSave: ignore,
  onLeave: ignore,
};

/** What a person presses, writes in and chooses from. The word is the same in each, so that only the look tells them apart. */
export const controlSpecimens: readonly Specimen[] = [
  {
    component: 'Button',
    states: LOOKS.flatMap((look) => [
      { name: look, shown: <Button look={look}>Approve</Button> },
      {
        name: `${look}, disabled`,
        shown: (
          <Button look={look} disabled>
            Approve
          </Button>
        ),
      },
      {
        name: `${look}, small`,
        shown: (
          <Button look={look} small>
            Approve
          </Button>
        ),
      },
    ]),
  },
  {
    component: 'Chip',
    states: TONES.map((tone) => ({ name: tone, shown: <Chip tone={tone}>tier 1</Chip> })),
  },
  {
    component: 'Copyable',
    states: [
      { name: 'a command', shown: <Copyable label="Copy the command" text="kubectl -n shop get pods" /> },
      { name: 'hostile and long', shown: <Copyable label="Copy the name" text={`\u202e${LONG}\n${LONG}`} /> },
    ],
  },
  {
    component: 'SearchBox',
    states: [
      {
        name: 'empty',
        shown: <SearchBox label="Search the timeline" placeholder="Search  /" text="" onText={ignore} />,
      },
      {
        name: 'with a word',
        shown: <SearchBox label="Filter signals" placeholder="Signal" text={LONG} onText={ignore} />,
      },
    ],
  },
  {
    component: 'CopyButton',
    states: [{ name: 'as it is', shown: <CopyButton text="x">Copy the checkpoint</CopyButton> }],
  },
  {
    component: 'EvidenceLinks',
    states: [
      { name: 'one', shown: <EvidenceLinks keys={['a']} onShow={ignore} /> },
      { name: 'more than fit', shown: <EvidenceLinks keys={['a', 'b', 'c', 'd']} onShow={ignore} /> },
    ],
  },
  {
    component: 'TextField',
    states: [
      { name: 'empty', shown: <TextField label="Reason" placeholder="Why, in one line" /> },
      {
        name: 'with a hint',
        shown: <TextField label="Reason" hint="It stands on record." value="x" {...change} />,
      },
      { name: 'wrong', shown: <TextField label="Reason" error="Say why in a line." value="" {...change} /> },
      { name: 'disabled', shown: <TextField label="Reason" disabled value="x" {...change} /> },
    ],
  },
  {
    component: 'TextAreaField',
    states: [
      { name: 'written in', shown: <TextAreaField label="Note" rows={2} value={LONG} {...change} /> },
      {
        name: 'wrong',
        shown: <TextAreaField label="Note" rows={2} error="Write something." value="" {...change} />,
      },
    ],
  },
  {
    component: 'SelectField',
    states: [
      {
        name: 'with a hint',
        shown: (
          <SelectField label="Severity" hint="sev1 is the worst.">
            <option>sev1</option>
            <option>sev2</option>
          </SelectField>
        ),
      },
      {
        name: 'wrong',
        shown: (
          <SelectField label="Severity" error="Choose one.">
            <option>sev1</option>
          </SelectField>
        ),
      },
    ],
  },
  {
    component: 'Group',
    states: [
      {
        name: 'of buttons',
        shown: (
          <Group label="Speed">
            <Button small>1×</Button>
            <Button small>10×</Button>
          </Group>
        ),
      },
    ],
  },
  {
    component: 'TextEditor',
    states: [
      { name: 'empty', shown: <TextEditor {...editor} text="" problem={null} /> },
      { name: 'that failed', shown: <TextEditor {...editor} text={LONG} problem="It could not be kept." /> },
    ],
  },
  {
    component: 'Tabs',
    states: [
      {
        name: 'the second chosen',
        shown: (
          <Tabs
            label="Evidence"
            value="metrics"
            tabs={[
              { value: 'correlation', label: 'Correlation' },
              { value: 'metrics', label: 'Metrics' },
            ]}
            content={{ correlation: null, metrics: <p>Signals that matter.</p> }}
            onChange={ignore}
          />
        ),
      },
    ],
  },
];
