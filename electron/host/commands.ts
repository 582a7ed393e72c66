import { ConnectionId } from '../../shared/vocabulary/ids.ts';
import type { Handlers } from './dispatch.ts';
import { exportForPerson } from './export-ledger.ts';
import type { HostParts } from './host-parts.ts';
import { entryViews, verifyRealm, whyOf } from './ledger-desk.ts';
import { exportReport, readReport } from './report-desk.ts';
import { roomOf } from './room-of.ts';

/** What each command does. A handler finds the parts and calls one; nothing is decided here. */
export function handlers(parts: HostParts): Handlers {
  const { real, drill, drills, connections, stop, settings, vault, status } = parts;
  const ofIncident = parts.realmOfIncident;
  const ofProposal = parts.realmOfProposal;
  const person = settings.person;

  return {
    'host.status': () => status(),
    'incidents.list': () =>
      [...real.incidents.all(), ...drill.incidents.all()].sort((a, b) => b.openedMs - a.openedMs),
    'incidents.open': ({ title, severity, lookBackMinutes }) =>
      parts.openByHand(title, severity, lookBackMinutes),
    'incidents.close': ({ incident, reason }) =>
      ofIncident(incident).incidents.close(incident, person(), reason),
    'incidents.room': ({ incident }) => roomOf(ofIncident(incident), incident),
    'timeline.addNote': ({ incident, text }) => parts.addNote(incident, text),
    'metrics.read': ({ incident, service }) => ofIncident(incident).ranking.seriesOf(incident, service),

    'analyst.start': ({ incident }) => {
      const { analyst } = ofIncident(incident);
      void analyst.start(incident, `${person()} asked for a fresh reading.`);
      return {};
    },
    'analyst.stop': ({ incident }) => {
      ofIncident(incident).analyst.stop(incident);
      return {};
    },
    'hypotheses.challenge': ({ incident, reason }) => {
      parts.challenge(incident, reason);
      return {};
    },

    'candidates.judge': ({ incident, candidate, answer }) => {
      parts.judgeCandidate(incident, candidate, answer);
      return {};
    },
    'proposals.recheck': ({ proposal }) => ofProposal(proposal).proposals.recheck(proposal),
    'proposals.approve': ({ proposal, shownDigest, typedTarget, reason }) =>
      ofProposal(proposal).proposals.approve(proposal, {
        person: person(),
        shownDigest,
        typedTarget,
        reason: reason ?? '',
      }),
    'proposals.deny': ({ proposal, shownDigest, reason }) =>
      ofProposal(proposal).proposals.deny(proposal, { person: person(), shownDigest, reason }),
    'proposals.backOut': ({ proposal }) => ofProposal(proposal).proposals.backOut(proposal, person()),
    'proposals.resolve': ({ proposal, applied, reason }) =>
      ofProposal(proposal).proposals.resolve(proposal, { applied, reason, person: person() }),
    'escalations.close': ({ escalation, reason }) =>
      parts.realmOfEscalation(escalation).closeEscalation(escalation, person(), reason),

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

    'stop.engage': ({ reason }) => {
      stop.engage(person(), reason);
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
    'ledger.verify': ({ realm }) => verifyRealm(parts.realm(realm), parts.witnesses.states(realm)),
    'ledger.changeKey': ({ realm, reason }) => {
      parts.realm(realm).upkeep.changeKey(person(), reason);
      return {};
    },
    'ledger.beginAnew': ({ realm, reason }) => {
      const copy = parts.realm(realm).upkeep.beginAnew(person(), reason);
      return { copy };
    },
    'report.read': ({ incident }) => ({ markdown: readReport(ofIncident(incident), incident) }),
    'report.export': ({ incident, format }) => exportReport(ofIncident(incident), incident, format, person()),
    'envelope.show': () => parts.envelopeView(),

    'connections.list': () => connections.list(),
    'connections.test': (given) => connections.test(given),
    'connections.testStored': ({ connection }) => connections.testStored(connection),
    'connections.add': (given) => connections.add(given),
    'connections.remove': ({ connection }) => {
      connections.remove(ConnectionId.parse(connection));
      return {};
    },
    'vault.unlock': async ({ passphrase }) => {
      await vault.unlock(passphrase);
      parts.onVaultUnlocked();
      return {};
    },
    'settings.setPerson': ({ name }) => {
      settings.setPerson(name);
      return {};
    },
    'settings.setTheme': ({ theme }) => {
      settings.setTheme(theme);
      return {};
    },
  };
}
