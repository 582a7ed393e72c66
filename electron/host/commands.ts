import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import { askQuestion } from './ask-question.ts';
import { closeIncident } from './close-incident.ts';
import type { Handlers } from './dispatch.ts';
import { effectByHand } from './effect-by-hand.ts';
import { escalationBacklog } from './escalation-backlog.ts';
import { exportForPerson, proveStored } from './export-ledger.ts';
import { handOverOf } from './hand-over-of.ts';
import type { HostParts } from './host-parts.ts';
import { contextsOf } from './kubeconfig.ts';
import { entryViews, verifyRealm, whyOf } from './ledger-desk.ts';
import { metricsCommands } from './metrics/metrics-commands.ts';
import { modelCommands } from './model-commands.ts';
import { noteDesk } from './note-desk.ts';
import { proposableActions } from './proposable-actions.ts';
import { exportReport, readReport, writeSection } from './report-desk.ts';
import { denialsOf, reviewOf, signOff } from './review-desk.ts';
import { roomOf } from './room-of.ts';
import { whySuggested } from './why-suggested.ts';

/** What each command does. A handler finds the parts and calls one; nothing is decided here. */
export function handlers(parts: HostParts): Handlers {
  const { real, drill, drills, connections, stop, settings, identities, idle, vault, status } = parts;
  const ofIncident = parts.realmOfIncident;
  const ofProposal = parts.realmOfProposal;
  const person = identities.person;

  return {
    'host.status': () => status(),
    'incidents.list': () =>
      [...real.incidents.all(), ...drill.incidents.all()].sort((a, b) => b.openedMs - a.openedMs),
    'incidents.causes': () => [...real.memory.causes(), ...drill.memory.causes()],
    'incidents.handOver': ({ incident }) => ({
      markdown: handOverOf(ofIncident(incident), incident, stop.state()),
    }),
    'cases.rank': (given) =>
      given.from === 'example' ? parts.cases.rankExample() : parts.cases.rankFile(given.name, given.base64),
    'incidents.open': ({ title, severity, lookBackMinutes }) =>
      parts.openByHand(title, severity, lookBackMinutes),
    'incidents.close': ({ incident, reason, review }) =>
      closeIncident(ofIncident(incident), incident, { person: person(), reason, review }),
    'memory.confirm': ({ incident, review }) =>
      ofIncident(incident).memory.confirm(incident, review, { kind: 'person', name: person() }),
    'memory.search': ({ realm, text }) => parts.realm(realm).memory.search(text),
    'memory.calibration': ({ realm }) => parts.realm(realm).memory.calibration(),
    'memory.about': ({ incident }) => ofIncident(incident).memory.aboutInSlices(incident),
    'incidents.room': ({ incident }) => roomOf(ofIncident(incident), incident),
    'timeline.addNote': ({ incident, text }) => parts.addNote(incident, text),
    'timeline.editNote': ({ incident, key, text }) =>
      noteDesk(ofIncident(incident)).edit(incident, key, text, person()),
    'timeline.deleteNote': ({ incident, key }) =>
      noteDesk(ofIncident(incident)).remove(incident, key, person()),
    'timeline.pin': ({ incident, key, pinned }) => {
      ofIncident(incident).timeline.setPinned(incident, key, pinned);
      return {};
    },
    'timeline.payload': ({ incident, key }) => ofIncident(incident).timeline.payload(incident, key),
    'timeline.before': ({ incident, before, limit }) =>
      ofIncident(incident).timeline.pageBefore(incident, limit, before),
    ...metricsCommands(parts),

    'analyst.start': ({ incident }) => {
      const { analyst } = ofIncident(incident);
      void analyst.start(incident, `${person()} asked for a fresh reading.`);
      return {};
    },
    'analyst.stop': ({ incident }) => {
      ofIncident(incident).analyst.stop(incident);
      return {};
    },
    'analyst.resume': ({ incident }) => {
      void ofIncident(incident).analyst.resume(incident, person());
      return {};
    },
    'analyst.ask': ({ incident, question, utcOffsetMinutes }) => {
      askQuestion(ofIncident(incident), incident, { person: person(), text: question, utcOffsetMinutes });
      return {};
    },
    'proposals.why': ({ proposal }) => whySuggested(ofProposal(proposal), proposal),
    'hypotheses.challenge': ({ incident, reason }) => {
      parts.challenge(incident, reason);
      return {};
    },

    'candidates.judge': ({ incident, candidate, answer }) => {
      parts.judgeCandidate(incident, candidate, answer);
      return {};
    },
    'proposals.actions': ({ incident }) => proposableActions(ofIncident(incident).sources.connectors()),
    'proposals.propose': ({ incident, expectedEffect, ...given }) => {
      const realm = ofIncident(incident);
      const effect = effectByHand(expectedEffect, realm.ranking.seriesOf(incident, expectedEffect.service));
      return realm.proposals.proposeByHand(incident, { ...given, expectedEffect: effect }, person());
    },
    'proposals.revise': ({ proposal, ...given }) =>
      ofProposal(proposal).proposals.revise(proposal, given, person()),
    'proposals.again': ({ proposal }) => ofProposal(proposal).proposals.proposeAgain(proposal, person()),
    'proposals.withdraw': ({ proposal, reason }) =>
      ofProposal(proposal).proposals.withdraw(proposal, { person: person(), because: reason }),
    'proposals.recheck': ({ proposal }) => ofProposal(proposal).proposals.recheck(proposal),
    'proposals.approve': ({ proposal, shownDigest, typedTarget, by, reason }) => {
      identities.demandCurrent(by);
      return ofProposal(proposal).proposals.approve(proposal, {
        person: person(),
        shownDigest,
        typedTarget,
        reason: reason ?? '',
      });
    },
    'proposals.deny': ({ proposal, shownDigest, by, reason }) => {
      identities.demandCurrent(by);
      return ofProposal(proposal).proposals.deny(proposal, { person: person(), shownDigest, reason });
    },
    'proposals.backOut': ({ proposal }) => ofProposal(proposal).proposals.backOut(proposal, person()),
    'proposals.resolve': ({ proposal, applied, reason }) =>
      ofProposal(proposal).proposals.resolve(proposal, { applied, reason, person: person() }),
    'escalations.open': () => escalationBacklog([real, drill]),
    'escalations.take': ({ escalation }) =>
      parts.realmOfEscalation(escalation).escalations.take(escalation, person()),
    'escalations.handOver': ({ escalation, to }) =>
      parts.realmOfEscalation(escalation).escalations.handOver(escalation, to, person()),
    'escalations.close': ({ escalation, reason }) =>
      parts.realmOfEscalation(escalation).escalations.close(escalation, person(), reason),

    'drills.list': () => drills.list(),
    'drills.start': ({ scenario, seed }) => drills.start(scenario, seed ?? parts.randomSeed()),
    'drills.setSpeed': ({ speed }) => {
      drills.setSpeed(speed);
      return {};
    },
    'drills.pause': () => {
      drills.pause();
      return {};
    },
    'drills.resume': () => {
      drills.resume();
      return {};
    },
    'drills.end': async () => {
      await drills.end(person());
      return {};
    },
    'drills.past': () => parts.debriefs.past(),
    'drills.debrief': ({ incident }) => parts.debriefs.read(incident),
    'drills.exportDebrief': ({ incident }) => parts.debriefs.exportFor(incident, person()),

    'stop.engage': ({ reason, how }) => {
      stop.engage(person(), reason, how);
      return {};
    },
    'breakers.close': ({ incident, reason }) => {
      ofIncident(incident).breakers.close(incident, person(), reason);
      return {};
    },
    'stop.lift': ({ reason }) => {
      stop.lift(person(), reason);
      return {};
    },

    'ledger.entries': ({ realm, ...filter }) => entryViews(parts.realm(realm), filter),
    'ledger.why': ({ realm, seq }) => whyOf(parts.realm(realm), seq),
    'ledger.export': ({ realm, ...asked }) =>
      exportForPerson(parts.realm(realm), parts.folders, asked, person()),
    'ledger.prove': ({ realm, seq }) => ({ proof: proveStored(parts.folders.dataDir, { realm }, seq) }),
    'ledger.denials': ({ realm, days }) => denialsOf(parts.realm(realm), days),
    'review.read': ({ realm, atMs }) => reviewOf(parts.realm(realm), atMs),
    'review.signOff': ({ realm, ...given }) => signOff(parts.realm(realm), given, person()),
    'ledger.verify': ({ realm }) => verifyRealm(parts.realm(realm), parts.witnesses.states(realm)),
    'ledger.changeKey': ({ realm, reason }) => {
      parts.realm(realm).upkeep.changeKey(person(), reason);
      return {};
    },
    'ledger.beginAnew': ({ realm, reason }) => {
      const copy = parts.realm(realm).upkeep.beginAnew(person(), reason);
      return { copy };
    },
    'report.read': ({ incident }) => readReport(ofIncident(incident), incident),
    'report.write': ({ incident, ...given }) => writeSection(ofIncident(incident), incident, given, person()),
    'sent.list': ({ incident }) => ofIncident(incident).sent.list(incident),
    'sent.text': ({ incident, request }) => ({ text: ofIncident(incident).sent.text(incident, request) }),
    'report.export': ({ incident, format }) => exportReport(ofIncident(incident), incident, format, person()),
    'envelope.show': () => parts.envelopes.show(),
    'envelope.diff': ({ older, newer }) => parts.envelopes.diff(older, newer),
    'envelope.at': ({ atMs }) => parts.envelopes.at(atMs),

    'credentials.list': () => [...real.credentials.views(), ...drill.credentials.views()],
    'credentials.review': ({ connection }) =>
      parts.realmOfConnection(connection).credentials.reviewAgain(connection),

    'connections.list': () => connections.list(),
    'connections.test': (given) => connections.test(given),
    'connections.testStored': ({ connection }) => connections.testStored(connection),
    'connections.describe': ({ connection }) => connections.describe(connection),
    'connections.add': (given) => connections.add(given),
    'connections.contexts': (kubeconfig) => contextsOf(kubeconfig),
    'connections.testCluster': (given) => connections.testCluster(given),
    'connections.addCluster': (given) => connections.addCluster(given),
    'connections.testCloud': (given) => connections.test(given),
    'connections.addCloud': (given) => connections.addCloud(given),
    'connections.testFlagFile': (given) => connections.test(given),
    'connections.addFlagFile': (given) => connections.addFlagFile(given),
    'connections.testFolder': (given) => connections.test(given),
    'connections.addFolder': (given) => connections.addFolder(given),
    'connections.addSender': ({ connection, ...given }) => connections.senders.add(connection, given),
    'connections.rotateSender': ({ connection, sender, ...given }) =>
      connections.senders.rotate(connection, sender, given),
    'connections.revokeSender': ({ connection, sender }) => {
      connections.senders.revoke(connection, sender);
      return {};
    },
    'connections.senderReport': ({ connection }) => connections.senders.report(connection),
    'connections.remove': ({ connection }) => {
      connections.remove(ConnectionId.parse(connection));
      return {};
    },
    'vault.unlock': async ({ passphrase }) => {
      await vault.unlock(passphrase);
      idle.touch();
      parts.onVaultUnlocked();
      return {};
    },
    'identity.list': () => identities.list(),
    'identity.create': async (given) => {
      await identities.create(given);
      return identities.list();
    },
    'identity.admit': async ({ identity, passphrase }) => {
      await identities.admit(identity, passphrase);
      return identities.list();
    },
    'identity.use': async ({ identity, passphrase }) => {
      await identities.use(identity, passphrase);
      idle.touch();
      return identities.list();
    },
    'identity.lock': () => {
      identities.lock();
      return {};
    },
    'identity.lockAfter': ({ minutes }) => {
      settings.setLockAfter(minutes, person());
      return identities.list();
    },
    'identity.active': () => {
      idle.touch();
      return {};
    },
    ...modelCommands(parts),
    'telling.show': () => parts.telling.view(),
    'telling.test': () => parts.telling.tryAll(),
    'telling.choose': (choices) => parts.telling.choose(choices),
    'telling.add': (webhook) => parts.telling.add(webhook),
    'telling.remove': ({ target }) => parts.telling.remove(target),
    'settings.setPerson': ({ name }) => {
      settings.setPerson(identities.renamed(name));
      return {};
    },
    'settings.setTheme': ({ theme }) => {
      settings.setTheme(theme);
      return {};
    },
  };
}
