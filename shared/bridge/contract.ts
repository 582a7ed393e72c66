import { z } from 'zod';
import { Chart, ChartsWanted, MetricsOverview, SeriesRef } from '../vocabulary/chart.ts';
import { NewCloud } from '../vocabulary/cloud-connection.ts';
import { ClusterTest, Contexts, Kubeconfig, NewCluster } from '../vocabulary/cluster-connection.ts';
import {
  Connection,
  ConnectionDescription,
  ConnectionTest,
  NewConnection,
} from '../vocabulary/connection.ts';
import { CredentialView } from '../vocabulary/credentials.ts';
import { Debrief, PastDrill, ScenarioSummary } from '../vocabulary/drill.ts';
import { EnvelopeDiff, EnvelopeThen, EnvelopeView } from '../vocabulary/envelope.ts';
import { Escalation, OpenEscalation } from '../vocabulary/escalation.ts';
import { Event } from '../vocabulary/event.ts';
import { EventPage, EventPlace } from '../vocabulary/event-page.ts';
import { NewFlagFile } from '../vocabulary/flag-file-connection.ts';
import { NewFolder } from '../vocabulary/folder-connection.ts';
import { HandProposal, ProposableAction, Revision } from '../vocabulary/hand-proposal.ts';
import { Identities, IdentityId, LockAfterMinutes, Passphrase } from '../vocabulary/identity.ts';
import { ConnectionId, EpochMs, EscalationId, IncidentId, ProposalId, Realm } from '../vocabulary/ids.ts';
import { Incident, Severity } from '../vocabulary/incident.ts';
import { LedgerEntryView, LedgerVerification, WhyLine } from '../vocabulary/ledger.ts';
import {
  Calibration,
  ConfirmedInWords,
  RememberedIncident,
  Review,
  RoomMemory,
} from '../vocabulary/memory.ts';
import { ChosenModel, ModelSettings, ModelUrl, ModelView } from '../vocabulary/model.ts';
import { Payload } from '../vocabulary/payload.ts';
import { PersonName } from '../vocabulary/person-name.ts';
import { Proposal, Recheck } from '../vocabulary/proposal.ts';
import { RankedCase } from '../vocabulary/ranked-case.ts';
import {
  GivenSecret,
  NewSender,
  OverlapHours,
  SenderId,
  SenderReport,
  SenderWithSecret,
} from '../vocabulary/receiver-sender.ts';
import { Report, ReportFormat, SectionName } from '../vocabulary/report.ts';
import { Room } from '../vocabulary/room.ts';
import { SentRequest } from '../vocabulary/sent.ts';
import { HostStatus, StopMeans, Theme } from '../vocabulary/status.ts';
import { NewWebhook, TellingChoices, TellingView } from '../vocabulary/telling.ts';
import { Denials, WeeklyReview } from '../vocabulary/weekly-review.ts';
import { WhySuggested } from '../vocabulary/why-suggested.ts';

const command = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

const Nothing = z.strictObject({});
const ofIncident = z.strictObject({ incident: IncidentId });
const ofSender = { connection: ConnectionId, sender: SenderId };
const SavedFile = z.strictObject({ fileName: z.string(), mediaType: z.string(), content: z.string() });
const EventKey = z.string().min(1).max(400);
const NoteText = z.string().trim().min(1, 'write something').max(4_000);
const Reason = z.string().trim().min(1, 'say why in a line').max(500);

/** What an approver sends: which proposal, the digest of what was on the screen, and the typed name where asked for. */
export const Approval = z.strictObject({
  proposal: ProposalId,
  shownDigest: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex'),
  typedTarget: z.string().max(300).optional(),
  /** Who decides, as the screen shows it; refused when somebody else has taken over since. */
  by: IdentityId.optional(),
  reason: z.string().max(500).optional(),
});
export type Approval = z.infer<typeof Approval>;

/** Every call a screen can make. The host parses the input, the screen the output. */
export const commands = {
  'host.status': command(Nothing, HostStatus),
  'incidents.list': command(Nothing, z.array(Incident)),
  /** The causes that somebody confirmed, of both realms. */
  'incidents.causes': command(Nothing, z.array(ConfirmedInWords)),
  /** What the next commander has to know, as Markdown. */
  'incidents.handOver': command(ofIncident, z.strictObject({ markdown: z.string() })),
  /** Ranks a case file that a person has, or one to try it with. Nothing of it is kept. */
  'cases.rank': command(
    z.discriminatedUnion('from', [
      z.strictObject({
        from: z.literal('file'),
        name: z.string().min(1).max(255),
        /** The file as it is or packed with gzip, in base64: larger ones are ranked on the command line. */
        base64: z.base64().min(4).max(1_000_000),
      }),
      z.strictObject({ from: z.literal('example') }),
    ]),
    RankedCase,
  ),
  'incidents.open': command(
    z.strictObject({
      title: z.string().trim().min(1, 'give it a title').max(300),
      severity: Severity,
      /** How far back the evidence is gathered, in minutes. */
      lookBackMinutes: z.number().int().min(5).max(1_440).optional(),
    }),
    Incident,
  ),
  /** `review`: what turned out to be the cause, and what helped; it can be given later too. */
  'incidents.close': command(
    z.strictObject({ incident: IncidentId, reason: Reason, review: Review.exactOptional() }),
    Incident,
  ),
  /** What a person found to be the cause of a closed incident, once more or for the first time. */
  'memory.confirm': command(z.strictObject({ incident: IncidentId, review: Review }), RememberedIncident),
  /** Remembered incidents that hold every word, best first. */
  'memory.search': command(
    z.strictObject({ realm: Realm, text: z.string().trim().min(1).max(300) }),
    z.array(RememberedIncident),
  ),
  /** Stated confidence against what was confirmed. */
  'memory.calibration': command(z.strictObject({ realm: Realm }), Calibration),
  /** Compares it with what is remembered; for a room that came without because it holds very many events. */
  'memory.about': command(ofIncident, RoomMemory),
  'incidents.room': command(ofIncident, Room),
  'timeline.addNote': command(z.strictObject({ incident: IncidentId, text: NoteText }), Event),
  /** Written anew, or taken away: each leaves its trace, and every text stays on record. */
  'timeline.editNote': command(
    z.strictObject({ incident: IncidentId, key: EventKey, text: NoteText }),
    Event,
  ),
  'timeline.deleteNote': command(z.strictObject({ incident: IncidentId, key: EventKey }), Event),
  'timeline.pin': command(
    z.strictObject({ incident: IncidentId, key: EventKey, pinned: z.boolean() }),
    Nothing,
  ),
  /** What the source of an event delivered of it, held against its digest. */
  'timeline.payload': command(z.strictObject({ incident: IncidentId, key: EventKey }), Payload),
  /** The events before a place in the order of time and key, the oldest of them first. */
  'timeline.before': command(
    z.strictObject({
      incident: IncidentId,
      before: EventPlace,
      limit: z.number().int().min(1).max(25_000),
    }),
    EventPage,
  ),
  /** Every signal of the incident with its newest sample. */
  'metrics.overview': command(ofIncident, MetricsOverview),
  /** What charts of so many pixels show of the named series, in the same order. */
  'metrics.charts': command(z.strictObject({ incident: IncidentId, wanted: ChartsWanted }), z.array(Chart)),
  /** The series as its source writes it, such as PromQL; null where it has no language for it. */
  'metrics.expression': command(
    z.strictObject({ incident: IncidentId, series: SeriesRef }),
    z.strictObject({ expression: z.string().nullable() }),
  ),
  'analyst.start': command(ofIncident, Nothing),
  'analyst.stop': command(ofIncident, Nothing),
  /** Goes on with what it had read when it was stopped. */
  'analyst.resume': command(ofIncident, Nothing),
  /** A question about the incident; the answer comes as a step. Times of day in it are by the asker's clock. */
  'analyst.ask': command(
    z.strictObject({
      incident: IncidentId,
      question: z.string().trim().min(1, 'ask something').max(500),
      utcOffsetMinutes: z.number().int().min(-840).max(840),
    }),
    Nothing,
  ),
  /** What led to a proposal: the hypothesis, what it quotes, what was read, the events. */
  'proposals.why': command(z.strictObject({ proposal: ProposalId }), WhySuggested),
  /** *This does not smell right*: recorded, and the analyst argues against its own first hypothesis. */
  'hypotheses.challenge': command(z.strictObject({ incident: IncidentId, reason: Reason }), Nothing),
  /** A person rules a candidate out, with a reason, pins it, or takes either back; the ranking follows at once. */
  'candidates.judge': command(
    z.strictObject({
      incident: IncidentId,
      candidate: z.string().min(1).max(500),
      answer: z.discriminatedUnion('as', [
        z.strictObject({ as: z.literal('dismissed'), reason: Reason }),
        z.strictObject({ as: z.literal('pinned') }),
        z.strictObject({ as: z.literal('open') }),
      ]),
    }),
    Nothing,
  ),
  /** What can be proposed by hand, and on what. */
  'proposals.actions': command(ofIncident, z.array(ProposableAction)),
  /** The guard judges it as it judges the analyst's: what comes back may be denied. */
  'proposals.propose': command(HandProposal, Proposal),
  /** A new proposal with other arguments, in whose favour the open one is withdrawn. */
  'proposals.revise': command(Revision, Proposal),
  /** The same once more on what is there now, after it expired or was void or withdrawn. */
  'proposals.again': command(z.strictObject({ proposal: ProposalId }), Proposal),
  /** By the person who proposed it. */
  'proposals.withdraw': command(z.strictObject({ proposal: ProposalId, reason: Reason }), Proposal),
  'proposals.recheck': command(z.strictObject({ proposal: ProposalId }), Recheck),
  'proposals.approve': command(Approval, Proposal),
  'proposals.deny': command(
    z.strictObject({
      proposal: ProposalId,
      shownDigest: Approval.shape.shownDigest,
      by: Approval.shape.by,
      reason: Reason,
    }),
    Proposal,
  ),
  /** Makes the proposal that undoes an executed one; it is decided like any other. */
  'proposals.backOut': command(z.strictObject({ proposal: ProposalId }), Proposal),
  /** A human resolves an execution whose outcome is unknown. */
  'proposals.resolve': command(
    z.strictObject({ proposal: ProposalId, applied: z.boolean(), reason: Reason }),
    Proposal,
  ),
  /** The backlog of both realms, oldest first. */
  'escalations.open': command(Nothing, z.array(OpenEscalation)),
  'escalations.take': command(z.strictObject({ escalation: EscalationId }), Escalation),
  'escalations.handOver': command(z.strictObject({ escalation: EscalationId, to: PersonName }), Escalation),
  'escalations.close': command(z.strictObject({ escalation: EscalationId, reason: Reason }), Escalation),
  'drills.list': command(Nothing, z.array(ScenarioSummary)),
  'drills.start': command(
    z.strictObject({
      scenario: z.string(),
      seed: z
        .number()
        .int()
        .min(0)
        .max(2 ** 31)
        .optional(),
    }),
    Incident,
  ),
  'drills.setSpeed': command(z.strictObject({ speed: z.number().min(1).max(120) }), Nothing),
  /** Drill time stands still; the environment still answers what it is asked. */
  'drills.pause': command(Nothing, Nothing),
  'drills.resume': command(Nothing, Nothing),
  'drills.end': command(Nothing, Nothing),
  /** Drills that have a debrief, in the order they ended. */
  'drills.past': command(Nothing, z.array(PastDrill)),
  /** Only of a drill that has ended: it holds the answer. */
  'drills.debrief': command(ofIncident, Debrief),
  'drills.exportDebrief': command(ofIncident, SavedFile),
  'stop.engage': command(
    z.strictObject({ reason: Reason, how: StopMeans.exclude(['file']).optional() }),
    Nothing,
  ),
  /** A named person lets an incident go on after a breaker opened: from now on counts begin anew. */
  'breakers.close': command(z.strictObject({ incident: IncidentId, reason: Reason }), Nothing),
  'stop.lift': command(z.strictObject({ reason: Reason }), Nothing),
  'ledger.entries': command(
    z.strictObject({
      realm: Realm,
      incident: IncidentId.optional(),
      kind: z.string().optional(),
      /** Words that an entry must hold, "a phrase" or a begin*. */
      text: z.string().max(1000).optional(),
      /** Entries with a smaller sequence number, newest first. */
      before: z.number().int().optional(),
      limit: z.number().int().min(1).max(500),
    }),
    z.array(LedgerEntryView),
  ),
  /** What led to an entry, step by step. */
  'ledger.why': command(
    z.strictObject({ realm: Realm, seq: z.number().int().nonnegative() }),
    z.array(WhyLine),
  ),
  /** Writes a bundle that anyone can verify into a new folder; `directory` is where. */
  'ledger.export': command(
    z.strictObject({ realm: Realm, incident: IncidentId.optional(), withoutPersonal: z.boolean() }),
    z.strictObject({ directory: z.string(), entries: z.number().int(), size: z.number().int() }),
  ),
  /** An entry proven against the newest signed head: a C2SP tlog-proof. */
  'ledger.prove': command(
    z.strictObject({ realm: Realm, seq: z.number().int().nonnegative() }),
    z.strictObject({ proof: z.string() }),
  ),
  /** How often something was denied, day by day. */
  'ledger.denials': command(z.strictObject({ realm: Realm, days: z.number().int().min(1).max(90) }), Denials),
  /** The week in which `atMs` lies. */
  'review.read': command(z.strictObject({ realm: Realm, atMs: EpochMs }), WeeklyReview),
  /** Refused when the record says something else than what `digest` is of. */
  'review.signOff': command(
    z.strictObject({
      realm: Realm,
      weekMs: EpochMs,
      digest: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex'),
      note: z.string().trim().max(2_000),
    }),
    WeeklyReview,
  ),
  'ledger.verify': command(z.strictObject({ realm: Realm }), LedgerVerification),
  /** A new signing key, vouched for by the old one. */
  'ledger.changeKey': command(z.strictObject({ realm: Realm, reason: Reason }), Nothing),
  /** A new log in the place of one that does not hold; `copy` is where the old data file was set aside. */
  'ledger.beginAnew': command(
    z.strictObject({ realm: Realm, reason: Reason }),
    z.strictObject({ copy: z.string() }),
  ),
  /** What left this machine for a model, in the order it was sent. */
  'sent.list': command(ofIncident, z.array(SentRequest)),
  /** The exact text of one request. */
  'sent.text': command(
    z.strictObject({ incident: IncidentId, request: z.string().min(1).max(100) }),
    z.strictObject({ text: z.string() }),
  ),
  'report.read': command(ofIncident, Report),
  /** A person writes a section; `was` is when the text they saw was written, null for none. An empty text clears it. */
  'report.write': command(
    z.strictObject({
      incident: IncidentId,
      section: SectionName,
      text: z.string().trim().max(20_000),
      was: EpochMs.nullable(),
    }),
    Report,
  ),
  'report.export': command(
    z.strictObject({ incident: IncidentId, format: ReportFormat }),
    SavedFile.extend({ isBase64: z.boolean() }),
  ),
  'envelope.show': command(Nothing, EnvelopeView),
  /** What the credentials of connections may do, beside what the envelope could ever need. */
  'credentials.list': command(Nothing, z.array(CredentialView)),
  'credentials.review': command(z.strictObject({ connection: z.string() }), CredentialView),
  /** Two versions on record, by their digests. */
  'envelope.diff': command(
    z.strictObject({ older: z.string().max(64), newer: z.string().max(64) }),
    EnvelopeDiff,
  ),
  'envelope.at': command(z.strictObject({ atMs: EpochMs }), EnvelopeThen),
  'connections.list': command(Nothing, z.array(Connection)),
  'connections.test': command(NewConnection, ConnectionTest),
  'connections.testStored': command(z.strictObject({ connection: ConnectionId }), ConnectionTest),
  'connections.describe': command(z.strictObject({ connection: ConnectionId }), ConnectionDescription),
  'connections.add': command(NewConnection, Connection),
  'connections.contexts': command(Kubeconfig, Contexts),
  'connections.testCluster': command(NewCluster, ClusterTest),
  'connections.addCluster': command(NewCluster, Connection),
  'connections.testCloud': command(NewCloud, ConnectionTest),
  'connections.addCloud': command(NewCloud, Connection),
  'connections.testFlagFile': command(NewFlagFile, ConnectionTest),
  'connections.addFlagFile': command(NewFlagFile, Connection),
  'connections.testFolder': command(NewFolder, ConnectionTest),
  'connections.addFolder': command(NewFolder, Connection),
  'connections.remove': command(z.strictObject({ connection: ConnectionId }), Nothing),
  /** Who may post to a receiver. A secret that is made here stands in the answer, once. */
  'connections.addSender': command(
    z.strictObject({ connection: ConnectionId, ...NewSender.shape }),
    SenderWithSecret,
  ),
  /** Another secret for a sender; the old one is good for `overlapHours` more, or for none. */
  'connections.rotateSender': command(
    z.strictObject({ ...ofSender, overlapHours: OverlapHours, secret: GivenSecret.optional() }),
    SenderWithSecret,
  ),
  'connections.revokeSender': command(z.strictObject(ofSender), Nothing),
  /** Null while the receiver is not connected, as with a locked vault. */
  'connections.senderReport': command(z.strictObject({ connection: ConnectionId }), SenderReport.nullable()),
  'vault.unlock': command(z.strictObject({ passphrase: Passphrase }), Nothing),
  'identity.list': command(Nothing, Identities),
  /** Another person with a key and passphrase of their own; the one at the controls vouches for them on record. */
  'identity.create': command(z.strictObject({ name: PersonName, passphrase: Passphrase }), Identities),
  /** Puts a person on the record of a log that was begun anew. */
  'identity.admit': command(z.strictObject({ identity: IdentityId, passphrase: Passphrase }), Identities),
  /** Hands the controls to a person; the passphrase is empty only where a system keychain asks for none. */
  'identity.use': command(
    z.strictObject({ identity: IdentityId, passphrase: z.union([z.literal(''), Passphrase]) }),
    Identities,
  ),
  /** The passphrase is asked for again before anything real is approved. */
  'identity.lock': command(Nothing, Nothing),
  'identity.lockAfter': command(z.strictObject({ minutes: LockAfterMinutes }), Identities),
  /** Something came from the person; told every half a minute at most. */
  'identity.active': command(Nothing, Nothing),
  'model.show': command(Nothing, ModelView),
  /** Refused for another model that was not replayed, unless a person says why not. */
  'model.change': command(
    z.strictObject({ settings: ModelSettings, withoutReplay: Reason.nullable() }),
    ModelView,
  ),
  'model.setKey': command(
    z.strictObject({ baseUrl: ModelUrl, key: z.string().trim().min(1).max(2_000) }),
    ModelView,
  ),
  'model.removeKey': command(z.strictObject({ baseUrl: ModelUrl }), ModelView),
  /** A named person agrees to what is sent, for one model at one place. */
  'model.consent': command(ChosenModel.pick({ baseUrl: true, model: true }), ModelView),
  'model.withdraw': command(ChosenModel.pick({ baseUrl: true, model: true }), ModelView),
  /** A text as it would go to a model; it goes nowhere. */
  'model.previewMasking': command(
    z.strictObject({ text: z.string().max(20_000), maskAddresses: z.boolean() }),
    z.strictObject({ masked: z.string() }),
  ),
  /** Plays the runs on record with this model in front; how far it is stands in the view. */
  'model.replay': command(z.strictObject({ chosen: ChosenModel }), ModelView),
  'model.cancelReplay': command(Nothing, ModelView),
  'telling.show': command(Nothing, TellingView),
  /** Sends a test message to each place where people are told. */
  'telling.test': command(Nothing, TellingView),
  'telling.choose': command(TellingChoices, TellingView),
  'telling.add': command(NewWebhook, TellingView),
  'telling.remove': command(z.strictObject({ target: z.string() }), TellingView),
  'settings.setPerson': command(z.strictObject({ name: PersonName }), Nothing),
  'settings.setTheme': command(z.strictObject({ theme: Theme }), Nothing),
};

export type CommandName = keyof typeof commands;
export type Input<K extends CommandName> = z.output<(typeof commands)[K]['input']>;
export type Output<K extends CommandName> = z.output<(typeof commands)[K]['output']>;

/** Electron keeps only the message of a thrown error, so failures cross as values. */
export const Reply = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), value: z.unknown() }),
  z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);
export type Reply = z.infer<typeof Reply>;
