import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostEvent } from '../../shared/bridge/host-events.ts';
import type { CaseFile } from '../../shared/formats/case.ts';
import type { Event } from '../../shared/vocabulary/event.ts';
import type { IncidentId, Realm } from '../../shared/vocabulary/ids.ts';
import type { Incident, Severity } from '../../shared/vocabulary/incident.ts';
import type { HostStatus } from '../../shared/vocabulary/status.ts';
import type { ModelClient } from '../analyst/model-client.ts';
import type { Explanation } from '../correlation/rank-explained.ts';
import { killSwitch } from '../guard/stops/kill-switch.ts';
import { stopFile } from '../guard/stops/stop-file.ts';
import type { HeadKeeper } from '../ledger/outside-head.ts';
import { readWitnessSettings, type WitnessSettings } from '../ledger/witness/settings.ts';
import { scaledClock } from '../platform/clock.ts';
import { Failure, messageOf } from '../platform/failure.ts';
import { randomIds } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { redactor } from '../platform/redactor.ts';
import { workerPool } from '../platform/worker-pool.ts';
import type { Notify } from '../telling/telling.ts';
import type { Keychain } from '../vault/keychain.ts';
import { keyFile, signingKeys } from '../vault/keys.ts';
import { openVault, type Vault } from '../vault/vault.ts';
import { caseDesk } from './case-desk.ts';
import { watchClock } from './clock-watch.ts';
import { type ConnectionDesk, connectionDesk } from './connection-desk.ts';
import { readConnectionFile } from './connection-file.ts';
import { debriefDesk } from './debrief-desk.ts';
import { type DrillDesk, drillDesk } from './drill-desk.ts';
import { type DrillTime, watchedTime } from './drill-time.ts';
import { defaultEnvelopeDir, envelopeDirOf } from './envelope-desk.ts';
import { envelopeQuestions } from './envelope-view.ts';
import { eventStream } from './event-stream.ts';
import { placesIn } from './folder-connection.ts';
import { hostSettings } from './host-settings.ts';
import { type IdentityDesk, identityDesk } from './identity-desk.ts';
import { idleLock } from './idle-lock.ts';
import { drillKeysPath, keptHeads, vaultPath } from './kept-heads.ts';
import { ledgerStatus } from './ledger-desk.ts';
import { ownScenarios } from './list-scenarios.ts';
import { modelBorder } from './model-border.ts';
import { type ModelDesk, modelDesk } from './model-desk.ts';
import { type ModelReplay, modelReplay } from './model-replay.ts';
import { noteDesk } from './note-desk.ts';
import { openRealm, type RealmDesk, type RealmPorts } from './realm.ts';
import { readRetention, retentionDesk } from './retention-desk.ts';
import { watchSleep } from './sleep-watch.ts';
import { stopDesk } from './stop-desk.ts';
import { tellingDesk } from './telling-desk.ts';
import { verificationDesk } from './verification-desk.ts';
import { conflictIn, type WitnessDesk, witnessDesk } from './witness-desk.ts';

/** What a shell chooses for the host. */
export type Adapters = {
  /** Locked for this process by the shell. */
  dataDir: string;
  shell: HostStatus['shell'];
  version: string;
  logger: Logger;
  /** Scenarios, prompts and the default envelope. */
  resourcesDir: string;
  /** Where the scenarios lie, when not among the resources. */
  scenariosDir?: string;
  /** The system's keychain, where there is one that really encrypts. */
  keychain?: Keychain | undefined;
  /** Sentences of the shell that the person must see once, such as why there is no keychain. */
  notices?: readonly string[];
  /** COUNTERSIGN_PASSPHRASE. */
  passphrase?: string | undefined;
  /** Told each secret that is used, so that none reaches a log line. */
  onSecret?: (secret: string) => void;
  /** Shows a notification of the desktop, where there is one. */
  notify?: Notify;
  /** The clock of drills; a clock that can be sped up unless told otherwise. */
  drillTime?: DrillTime;
  /** A model in the place of every other, for benches and tests: neither settings nor consent are asked. */
  model?: () => ModelClient;
};

const INDEX_EVERY_MS = 5_000;
const INDEXED_AT_ONCE = 500;
const REMEMBERED_AT_ONCE = 5;

export type HostParts = Awaited<ReturnType<typeof buildParts>>;

/** Every service, built once, top down: this is where the adapters of a shell meet the rest. */
export async function buildParts(adapters: Adapters) {
  const { dataDir, resourcesDir, logger } = adapters;
  const stream = eventStream((error) =>
    logger.error({ error: messageOf(error) }, 'a screen could not be told'),
  );
  const onTaskError = (error: unknown) => logger.error({ error: messageOf(error) }, 'a periodic task failed');
  const realTime = scaledClock(onTaskError);
  const drillTime = adapters.drillTime ?? watchedTime(onTaskError);
  const vault: Vault = await openVault({
    file: vaultPath(dataDir),
    keychain: adapters.keychain,
    passphrase: () => adapters.passphrase,
  });
  const realKeys = signingKeys(vault);
  const drillSecrets = keyFile(drillKeysPath(dataDir));
  const drillKeys = signingKeys(drillSecrets);
  const notices: string[] = [...(adapters.notices ?? [])];
  const status = statusTeller(() => stream.publish({ name: 'status.changed', status: currentStatus() }));
  const border = modelBorder(
    (incident) => realmOfIncident(incident),
    () => model.settings().maskAddresses,
  );
  const secrets = redactor();
  /** Kept out of log lines, of what people are told elsewhere and of what goes to a model. */
  const onSecret = (secret: string): void => {
    adapters.onSecret?.(secret);
    secrets.register(secret);
    border.onSecret(secret);
  };
  const witnesses: WitnessDesk = witnessDesk({
    dataDir,
    settings: witnessSettings(),
    logger,
    onChange: witnessesChanged,
    onSecret,
  });
  const analystPrompt = readFileSync(join(resourcesDir, 'prompts', 'analyst.md'), 'utf8');

  const explaining = workerPool<CaseFile, Explanation>('correlation/worker/explain-worker.ts', {
    threads: 1,
  });

  const cases = caseDesk();

  // Realms, stop and drills refer to each other; what runs later reads these bindings then.
  const shared = {
    dataDir,
    logger,
    analystPrompt,
    explain: (input: CaseFile) => explaining.run(input),
    secretsIn: border.secretsIn,
    stop: () => stop.state(),
    halting: () => stop.signal(),
    person: () => identities.person(),
    onStatus: status.tell,
  };
  const real: RealmDesk = openRealm({
    ...shared,
    realm: 'real',
    clock: realTime.clock,
    patience: 1,
    analyst: analystOf('real'),
    idle: realTime.idle,
    keys: realKeys,
    approver: (person) => identities.approver('real', person),
    headKeeper: { read: vault.head, write: keptAndShown('real', vault.keepHead) },
    drill: () => null,
    envelopeDir: () => envelopeDirOf(dataDir, resourcesDir),
    publish: stream.publish,
  });
  const settings = hostSettings(real.settings, () => real.ledger, status.tell);
  const identities: IdentityDesk = identityDesk({
    vault,
    keys: { real: realKeys, drill: drillKeys },
    ledger: (name) => realm(name).ledger,
    ids: randomIds,
    nowMs: realTime.clock.now,
    firstName: settings.person,
    lockAfterMinutes: settings.lockAfterMinutes,
    onVaultOpened: vaultOpened,
    onChange: status.tell,
  });
  const model: ModelDesk = modelDesk({
    settings: real.settings,
    ledger: () => real.ledger,
    vault,
    person: identities.person,
    nowMs: realTime.clock.now,
    border,
    onSecret,
    given: adapters.model,
    stopModel: (id, because) => {
      for (const { analyst } of [real, drill]) analyst.stopModel(id, because);
    },
  });
  const replays: ModelReplay = modelReplay({
    desk: model,
    readers: () => [real.runs, drill.runs],
    settings: real.settings,
    prompt: analystPrompt,
    nowMs: realTime.clock.now,
  });
  const idle = idleLock({
    clock: realTime.clock,
    steadyMs: () => performance.now(),
    afterMs: () => settings.lockAfterMinutes() * 60_000,
    lock: identities.lock,
  });
  const stop = killSwitch({
    settings: real.settings,
    ledger: real.ledger,
    clock: realTime.clock,
    file: stopFile(dataDir),
  });
  const drill: RealmDesk = openRealm({
    ...shared,
    realm: 'drill',
    clock: drillTime.clock,
    patience: drillTime.patience,
    analyst: analystOf('drill'),
    idle: drillTime.idle,
    keys: drillKeys,
    approver: (person) => identities.approver('drill', person),
    headKeeper: { read: drillSecrets.head, write: keptAndShown('drill', drillSecrets.keepHead) },
    drill: () => drills.current(),
    envelopeDir: () => defaultEnvelopeDir(resourcesDir),
    publish: publishOfDrill,
  });
  const telling = tellingDesk({
    dataDir,
    settings: real.settings,
    vault,
    ledger: () => real.ledger,
    person: identities.person,
    notify: adapters.notify,
    subscribe: stream.subscribe,
    clock: realTime.clock,
    refuses: real.reads.refusesHost,
    openEscalations: real.escalations.openOnes,
    withoutSecrets: secrets.line,
    logger,
    onSecret,
  });
  const tellingProblem = telling.view().problem;
  if (tellingProblem !== null) notices.push(tellingProblem);
  const envelopes = envelopeQuestions(real);
  const debriefs = debriefDesk(drill);
  const drills: DrillDesk = drillDesk({
    scenariosDir: adapters.scenariosDir ?? ownScenarios(resourcesDir),
    time: drillTime,
    logger,
    realm: () => drill,
    debriefs,
    onStatus: status.tell,
  });
  for (const { setAside } of [real, drill]) {
    if (setAside) notices.push(`A data file was damaged and set aside as ${setAside}; a new one was begun.`);
  }
  const heads = keptHeads(dataDir);
  const verification = verificationDesk({
    realms: [real, drill],
    heads,
    clock: realTime.clock,
    logger,
    onChange: status.tell,
  });
  const endStopDesk = stopDesk({ stop, dataDir, realms: [real, drill], logger, onStatus: status.tell });
  // A little at a time, so that a search finds its index ready and nobody waits for it meanwhile.
  const stopIndexing = realTime.clock.every(INDEX_EVERY_MS, async () => {
    for (const { queries, memory } of [real, drill]) {
      queries.catchUp(INDEXED_AT_ONCE);
      memory.catchUp(REMEMBERED_AT_ONCE);
    }
  });
  const clockWatch = watchClock({ time: realTime, ledger: real.ledger });
  const sleepWatch = watchSleep({
    onWake(slept) {
      clockWatch.look();
      real.sources.wake(slept);
    },
  });
  const connections: ConnectionDesk = connectionDesk({
    repository: real.connections,
    fromFile: fileConnections(),
    vault,
    ledger: real.ledger,
    sources: real.sources,
    reads: real.reads,
    person: identities.person,
    look: real.credentials.look,
    placesOf: placesIn(real.settings),
    onSecret,
  });
  notices.push(...connections.attachAll());
  const retention = retentionDesk({
    retention: retentionSettings(),
    realms: [real, drill],
    clock: realTime.clock,
    logger,
  });
  verification.look();
  // Also when nothing new is signed: a data directory that was put back is to be seen at start.
  for (const { realm } of [real, drill]) witnesses.nudge(realm);

  function analystOf(name: Realm): RealmPorts['analyst'] {
    return {
      choose: (incident) => model.of(name).choose(incident),
      standing: () => model.of(name).standing(),
    };
  }

  /** The drill's pace follows its proposals: fast while an effect is watched. */
  function publishOfDrill(event: HostEvent): void {
    if (event.name === 'proposal.changed') {
      const { state } = event.proposal.progress;
      if (state === 'watching' && event.proposal.progress.watch.samples.length === 0) drills.paceFor(true);
      if (state === 'done') drills.paceFor(false);
    }
    stream.publish(event);
  }

  /** Once a head is kept outside, the witnesses are shown it. */
  function keptAndShown(realm: Realm, keep: HeadKeeper['write']): HeadKeeper['write'] {
    return (head) => {
      keep(head);
      witnesses.nudge(realm);
    };
  }

  /** What a witness remembers and the log does not contain is a break, as with the head kept outside. */
  function witnessesChanged(): void {
    for (const { realm, ledger } of [real, drill]) {
      const says = conflictIn(witnesses.states(realm));
      if (says !== undefined) ledger.breakBy({ how: 'forked', seq: null, says });
    }
    status.tell();
  }

  function witnessSettings(): WitnessSettings[] {
    try {
      return readWitnessSettings(dataDir);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      notices.push(error.message);
      return [];
    }
  }

  function retentionSettings() {
    try {
      return readRetention(dataDir);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      notices.push(error.message);
      return undefined;
    }
  }

  function vaultOpened(): void {
    real.ledger.checkpoint();
    connections.attachAll();
    telling.onVaultOpened();
    status.tell();
  }

  function fileConnections() {
    try {
      return readConnectionFile(dataDir);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      notices.push(error.message);
      return [];
    }
  }

  /** Without an envelope in force nothing executes, which is what `shadow` says. */
  function stageNow(): HostStatus['stage'] {
    const judged = real.envelope.judged();
    return judged.kind === 'in-force' ? judged.loaded.envelope.stage : 'shadow';
  }

  function currentStatus(): HostStatus {
    return {
      version: adapters.version,
      shell: adapters.shell,
      person: identities.person(),
      identity: identities.current(),
      stage: stageNow(),
      envelope: real.envelope.state(),
      stop: stop.state(),
      breakers: [...real.breakers.open(), ...drill.breakers.open()],
      vault: vault.state(),
      theme: settings.theme(),
      sources: [...real.sources.statuses(), ...drill.sources.statuses()],
      ledgers: {
        real: ledgerStatus(real, verification.stateOf('real'), witnesses.states('real')),
        drill: ledgerStatus(drill, verification.stateOf('drill'), witnesses.states('drill')),
      },
      drill: drills.status(),
      ...drills.starting(),
      open: {
        incidents: real.incidents.openOnes().length + drill.incidents.openOnes().length,
        escalations: real.escalations.openOnes().length + drill.escalations.openOnes().length,
      },
      drillClockOffsetMs: drill.clock.now() - Date.now(),
      notices,
    };
  }

  const realm = (name: Realm): RealmDesk => (name === 'real' ? real : drill);

  function firstThat<T>(ask: (desk: RealmDesk) => T): RealmDesk {
    for (const desk of [real, drill]) {
      try {
        ask(desk);
        return desk;
      } catch (error) {
        if (!(error instanceof Failure && error.code === 'not_found') || desk === drill) throw error;
      }
    }
    throw new Error('The last realm answers or throws');
  }
  const realmOfIncident = (id: string): RealmDesk => firstThat(({ incidents }) => incidents.find(id));

  for (const { envelope } of [real, drill]) envelope.begin();

  return {
    real,
    drill,
    drills,
    debriefs,
    cases,
    connections,
    stop,
    settings,
    identities,
    idle,
    model,
    replays,
    vault,
    status: currentStatus,
    witnesses,
    telling,
    subscribe: stream.subscribe,
    woke: sleepWatch.woke,
    realm,
    /** Where everything is kept, and what came with the application. */
    folders: { dataDir, resourcesDir },
    realmOfIncident,
    realmOfProposal: (id: string): RealmDesk => firstThat(({ proposals }) => proposals.find(id)),
    realmOfEscalation: (id: string): RealmDesk => firstThat(({ escalations }) => escalations.find(id)),
    realmOfConnection: (id: string): RealmDesk => (drill.sources.find(id) ? drill : real),
    envelopes,
    randomSeed: () => randomInt(1, 10_000),

    /** A person opens an incident before any alert does. */
    openByHand(title: string, severity: Severity, lookBackMinutes = 65): Incident {
      const person = identities.person();
      const incident = real.incidents.open({
        title,
        severity,
        commander: person,
        fromMs: realTime.clock.now() - lookBackMinutes * 60_000,
        services: [],
        drill: null,
        openedBy: { kind: 'person', name: person },
        because: `${person} opened it by hand`,
      });
      void real
        .beginWork(incident)
        .catch((error) => logger.error({ error: messageOf(error) }, 'an incident could not begin'));
      return incident;
    },

    addNote: (id: IncidentId, text: string): Event =>
      noteDesk(realmOfIncident(id)).add(id, text, identities.person()),

    /** *This does not smell right*: the doubt is on record, and the analyst argues against its first hypothesis. */
    challenge(id: IncidentId, reason: string): void {
      const author = identities.person();
      const desk = realmOfIncident(id);
      const title = `${author}: this does not smell right. ${reason}`;
      noteDesk(desk).write(id, author, { challenge: reason }, { title }, true);
      void desk.analyst.start(id, `${author} doubts the first hypothesis: ${reason}`, reason);
    },

    /** A person rules a candidate out, pins it, or takes that back: on record, and on the timeline. */
    judgeCandidate(
      id: IncidentId,
      candidate: string,
      answer: { as: 'dismissed'; reason: string } | { as: 'pinned' } | { as: 'open' },
    ): void {
      const desk = realmOfIncident(id);
      const person = identities.person();
      const judgement = answer.as === 'open' ? null : { ...answer, person, atMs: desk.clock.now() };
      const { title } = desk.ranking.judge(id, candidate, judgement);
      const what = { dismissed: 'ruled out', pinned: 'pinned', open: 'put back' }[answer.as];
      const reason = answer.as === 'dismissed' ? answer.reason : '';
      noteDesk(desk).write(
        id,
        person,
        { candidate, judgement: answer.as, ...(reason ? { reason } : {}) },
        { title: `${person} ${what} “${title}”`.slice(0, 300), ...(reason ? { detail: reason } : {}) },
        true,
      );
    },

    onVaultUnlocked: vaultOpened,

    async close(): Promise<void> {
      status.close();
      telling.close();
      endStopDesk();
      await verification.close();
      clockWatch.close();
      sleepWatch.close();
      idle.close();
      stopIndexing();
      retention.close();
      await envelopes.close();
      await replays.close();
      await border.close();
      await drills.close();
      await drill.close();
      await real.close();
      await witnesses.close();
      await explaining.close();
      await cases.close();
    },
  };
}

/** The status is told at most ten times a second, however often parts of it change. */
const STATUS_DELAY_MS = 100;

function statusTeller(publish: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  return {
    tell(): void {
      if (isClosed) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        publish();
      }, STATUS_DELAY_MS);
    },
    close(): void {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
