import { z } from 'zod';
import type { IncidentId, Realm } from '../../shared/vocabulary/ids.ts';
import {
  type ChosenModel,
  ModelConsent,
  ModelSettings,
  type ModelView,
  type RunLimits,
} from '../../shared/vocabulary/model.ts';
import type { AnalystDeskPorts, ChosenAnalyst } from '../analyst/analyst-desk.ts';
import { defaultLimits, type Limits } from '../analyst/budget.ts';
import { claudeClient } from '../analyst/claude/claude-client.ts';
import { type ModelClient, nothingLeaves, type Outgoing, type SentRequest } from '../analyst/model-client.ts';
import { offlineAnalyst } from '../analyst/offline/offline-analyst.ts';
import { sha256 } from '../analyst/replay/recording.ts';
import type { Ledger, NewEntry } from '../ledger/log.ts';
import { Failure } from '../platform/failure.ts';
import type { settingRepository } from '../store/setting-repository.ts';
import type { Vault } from '../vault/vault.ts';
import { firstModelSettings } from './model-settings.ts';

/** What stands between a model and the machine, for one incident. */
export type Border = {
  outgoing(incident: IncidentId): Outgoing;
  /** What a text would look like to a model. */
  preview(text: string, rules: { addresses: boolean }): Promise<string>;
  /** Told each request to a model just before it leaves. */
  sent(incident: IncidentId, request: SentRequest): void;
};

export type ModelDeskPorts = {
  settings: ReturnType<typeof settingRepository>;
  ledger(): Ledger;
  vault: Vault;
  person(): string;
  nowMs(): number;
  border: Border;
  /** Told the key whenever it is used, so that it reaches no log line. */
  onSecret(secret: string): void;
  /** A client of whoever started Countersign, in the place of every other. */
  given?: (() => ModelClient) | undefined;
  /** Ends the runs of a model that nobody agrees to any more, with these words. */
  stopModel(model: string, because: string): void;
};
export type ModelDesk = ReturnType<typeof modelDesk>;

const SETTINGS = 'model';
const CONSENTS = 'model-consents';
const KEYS_FOR = 'model-keys-for';

/** What a person agrees to; it stands on the screen and in the ledger. */
export const WHAT_LEAVES =
  'What the analyst reads of an incident (timeline, metrics, changes, logs, objects of the cluster, past incidents) and ' +
  'what it is told is sent to this model at this place. Secrets and personal data that are recognised are masked first; ' +
  'what is not recognised is not. Network addresses and names of internal hosts are masked only while that is switched on.';

/**
 * Which analyst works where. Nothing is sent anywhere unless a person chose the model, put its key into the vault, and
 * agreed, for exactly this model at this place; without any of it the offline analyst works, and the screen says why.
 */
export function modelDesk(ports: ModelDeskPorts) {
  const { settings: repository, vault } = ports;
  const current = (): ModelSettings => repository.get(SETTINGS, ModelSettings) ?? firstModelSettings;
  const consents = (): ModelConsent[] => repository.get(CONSENTS, z.array(ModelConsent)) ?? [];

  const keysFor = (): string[] =>
    (repository.get(KEYS_FOR, z.array(z.string())) ?? []).filter((origin) => vault.has(keyName(origin)));
  const keepKeysFor = (origins: readonly string[]) => repository.put(KEYS_FOR, [...new Set(origins)]);

  function record(body: NewEntry['body'], commit: () => void): void {
    ports.ledger().record({ kind: 'model', actor: { kind: 'person', name: ports.person() }, body }, commit);
  }

  /** What keeps a model from being asked, in words; null when nothing does. */
  function obstacle({ baseUrl, model }: Place): string | null {
    if (!vault.has(keyName(baseUrl))) return `there is no key for ${baseUrl}`;
    if (vault.state() !== 'unlocked') return 'the vault with its key is locked';
    if (!agreed(consents(), { baseUrl, model }))
      return `nobody agreed yet to what is sent to ${model} at ${baseUrl}`;
    return null;
  }

  /** @throws Failure when it may not be asked. */
  function clientOf(chosen: ChosenModel, sent: (request: SentRequest) => void): ModelClient {
    const because = obstacle(chosen);
    if (because !== null)
      throw new Failure('refused', `${chosen.model} cannot be asked: ${because}. See Settings, Model.`);
    const key = vault.get(keyName(chosen.baseUrl)) ?? '';
    ports.onSecret(key);
    return claudeClient({
      chosen,
      key,
      // Asked again at each request: whoever withdraws means now.
      sent(request) {
        if (!agreed(consents(), chosen))
          throw new Failure('refused', `${withdrawn(chosen)}: nothing was sent. See Settings, Model.`);
        sent(request);
      },
    });
  }

  /** Which would work in a realm now, and why. */
  function standing(realm: Realm): Standing {
    const { chosen, limits, prices, real, drill } = current();
    const uses = { real, drill };
    if (ports.given)
      return {
        model: ports.given().id,
        why: 'It was given at the start',
        chosen: null,
        limits: defaultLimits,
        price: null,
      };
    const offline = { model: offlineAnalyst.id, chosen: null, limits: defaultLimits, price: null };
    if (uses[realm] === 'offline')
      return { ...offline, why: 'The offline analyst is chosen in Settings: it needs no network and no key' };
    const because = obstacle(chosen);
    if (because !== null) return { ...offline, why: `The offline analyst works, for ${because}` };
    return {
      model: chosen.model,
      why: `${chosen.model} at ${chosen.baseUrl}, chosen in Settings`,
      chosen,
      limits: limitsOf(limits),
      price: prices.find(({ model }) => model === chosen.model) ?? null,
    };
  }

  function choose(realm: Realm, incident: IncidentId): ChosenAnalyst {
    const { chosen, limits, price, why } = standing(realm);
    const { outgoing, sent } = ports.border;
    if (ports.given) return { client: ports.given(), outgoing: outgoing(incident), limits, price, why };
    if (chosen === null) return { client: offlineAnalyst, outgoing: nothingLeaves, limits, price, why };
    const client = clientOf(chosen, (request) => sent(incident, request));
    return { client, outgoing: outgoing(incident), limits, price, why };
  }

  return {
    settings: current,
    clientOf,
    obstacle,
    outgoing: ports.border.outgoing,
    sent: ports.border.sent,
    previewMasking: ports.border.preview,
    /** The analyst of one realm, as its desk asks for it. */
    of: (realm: Realm): Pick<AnalystDeskPorts, 'choose' | 'standing'> => ({
      choose: (incident) => choose(realm, incident),
      standing: () => standing(realm),
    }),

    view: (): Omit<ModelView, 'replay'> => ({
      settings: current(),
      keysFor: keysFor(),
      whatLeaves: WHAT_LEAVES,
      consents: consents(),
      uses: { real: shown(standing('real')), drill: shown(standing('drill')) },
    }),

    /** On record with what the replay said, or why none was made. */
    change(
      next: ModelSettings,
      replay: { diverged: number; runs: number } | null,
      override: string | null,
    ): void {
      record({ ...next, replay, override }, () => repository.put(SETTINGS, next));
    },

    /** The key is the vault's alone: the ledger says that there is one, for which place. */
    setKey(baseUrl: string, key: string): void {
      ports.onSecret(key);
      vault.put(keyName(baseUrl), key);
      const origin = originOf(baseUrl);
      record({ keySet: origin }, () => keepKeysFor([...keysFor(), origin]));
    },
    removeKey(baseUrl: string): void {
      const origin = originOf(baseUrl);
      vault.remove(keyName(baseUrl));
      record({ keyRemoved: origin }, () => keepKeysFor(keysFor()));
    },

    consent({ baseUrl, model }: Place): void {
      const given = { baseUrl, model, person: ports.person(), atMs: Math.round(ports.nowMs()) };
      record({ consent: 'given', baseUrl, model, to: WHAT_LEAVES }, () =>
        repository.put(CONSENTS, [...consents().filter((one) => !isFor(one, given)), given]),
      );
    },
    withdraw({ baseUrl, model }: Place): void {
      const place = { baseUrl, model };
      if (!agreed(consents(), place))
        throw new Failure('not_found', `Nobody agreed to what is sent to ${model} at ${baseUrl}`);
      record({ consent: 'withdrawn', baseUrl, model }, () =>
        repository.put(
          CONSENTS,
          consents().filter((one) => !isFor(one, place)),
        ),
      );
      ports.stopModel(model, withdrawn(place));
    },
  };
}

type Place = Pick<ChosenModel, 'baseUrl' | 'model'>;
type Standing = Pick<ChosenAnalyst, 'limits' | 'price' | 'why'> & {
  model: string;
  chosen: ChosenModel | null;
};

const isFor = (consent: ModelConsent, { baseUrl, model }: Place): boolean =>
  consent.baseUrl === baseUrl && consent.model === model;
const agreed = (consents: readonly ModelConsent[], place: Place): boolean =>
  consents.some((consent) => isFor(consent, place));

const withdrawn = ({ model, baseUrl }: Place): string =>
  `the consent to ask ${model} at ${baseUrl} was withdrawn`;

const shown = ({ model, why }: Standing) => ({ model, why });

export const limitsOf = ({ wallSeconds, ...rest }: RunLimits): Limits => ({
  ...rest,
  wallMs: wallSeconds * 1_000,
});

/** A key belongs to a server: one that was entered for another place is never sent to this one. */
const originOf = (baseUrl: string): string => new URL(baseUrl).origin;
const keyName = (baseUrl: string): string => `model/${sha256(originOf(baseUrl)).slice(0, 32)}`;
