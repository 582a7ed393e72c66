import { NewCloud } from '../../shared/vocabulary/cloud-connection.ts';
import { call } from '../state/call.ts';
import { TextField } from '../ui/field.tsx';
import { useFields } from '../ui/use-fields.ts';
import { ConnectForm, entered, namesIn } from './connect-form.tsx';
import { TestResult } from './test-result.tsx';

const EMPTY = { name: '', regions: '', profile: '', role: '', externalId: '', endpoint: '' };
type Draft = typeof EMPTY;

/** Connects a CloudWatch. It takes no secret: who signs in is a profile of this machine. */
export function CloudForm({ onAdded, onCancel }: { onAdded(): void; onCancel(): void }) {
  const { draft, field, forget } = useFields('settings.cloud', EMPTY, { never: [] });
  return (
    <ConnectForm
      label="New CloudWatch"
      draft={draft}
      parse={(entries) => NewCloud.safeParse(cloudOf(entries))}
      test={(given) => call('connections.testCloud', given)}
      tested={(result) => <TestResult result={result} />}
      add={(given) => call('connections.addCloud', given)}
      forget={forget}
      onAdded={onAdded}
      onCancel={onCancel}
    >
      <TextField label="Name" maxLength={80} autoFocus {...field('name')} />
      <TextField
        label="Regions"
        placeholder="eu-central-1, us-east-1"
        hint="Each is asked by itself; a Test names the one that does not answer."
        {...field('regions')}
      />
      <TextField
        label="AWS profile"
        placeholder="default"
        hint="Of ~/.aws/config: keys, SSO, web identity or a credential_process. Empty: the environment, then the default one."
        {...field('profile')}
      />
      <TextField
        label="Role to assume"
        placeholder="arn:aws:iam::123456789012:role/countersign-reader"
        hint="Empty: none besides the profile's own."
        {...field('role')}
      />
      {draft.role.trim() !== '' && <TextField label="External ID" {...field('externalId')} />}
      <TextField
        label="Endpoint"
        inputMode="url"
        hint="Of a VPC endpoint. Empty: the public one of each region."
        {...field('endpoint')}
      />
    </ConnectForm>
  );
}

function cloudOf({ name, regions, profile, role, externalId, endpoint }: Draft): unknown {
  const { role: arn, ...rest } = entered({ role, profile, endpoint });
  return {
    kind: 'cloudwatch',
    name: name.trim(),
    regions: namesIn(regions),
    ...rest,
    ...(arn === undefined ? {} : { role: { arn, ...entered({ externalId }) } }),
  };
}
