import { resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import type { Ranked, Ranking } from '../shared/formats/case.ts';
import { ReportFormat } from '../shared/vocabulary/report.ts';
import { backupCommands } from './cli/backup.ts';
import { generateCommand } from './cli/drill-generate.ts';
import { openCommand } from './cli/drill-open.ts';
import { envelopeCommands } from './cli/envelope.ts';
import { generateCaseCommand } from './cli/generate-case.ts';
import { guardCommands } from './cli/guard.ts';
import { ledgerCommands } from './cli/ledger.ts';
import { aside, document, json, jsonText, out, WRONG_USAGE } from './cli/output.ts';
import { rbacCommand } from './cli/rbac.ts';
import { replayCommand } from './cli/replay.ts';
import { sentCommand } from './cli/sent.ts';
import { stopCommand } from './cli/stop.ts';
import { wholeNumber } from './cli/whole-number.ts';
import { listScenarios, ownScenarios } from './host/list-scenarios.ts';
import { rankFile } from './host/rank-file.ts';
import { type DrillResult, runDrill } from './host/run-drill.ts';
import { storedReport } from './host/stored-report.ts';
import { closer } from './platform/closer.ts';
import { exitCodeOf } from './platform/exit-code.ts';
import { messageOf } from './platform/failure.ts';
import { dataDirOf, resourcesDir, version } from './platform/paths.ts';
import { takeDataDir } from './platform/take-data-dir.ts';

/** The host without a screen, for scripts, auditors and benchmarks. Exit codes are documented in the README. */

type Global = { dataDir?: string };
const program = new Command('countersign')
  .description('Countersign without a screen')
  .version(version())
  .option('--data-dir <dir>', 'where incidents, drills and ledgers are kept (or COUNTERSIGN_DATA_DIR)')
  .showHelpAfterError()
  .exitOverride();
const dataDir = () => dataDirOf(program.opts<Global>().dataDir);

const drill = program.command('drill').description('drills in the built-in simulated environment');
drill
  .command('list')
  .description('the scenarios, without their answers')
  .option('--scenarios <folder>', 'where they lie, when not those of Countersign')
  .option('--json', 'one JSON document on standard output')
  .action(({ scenarios: folder, json: asJson }: { scenarios?: string; json?: boolean }) => {
    const scenarios = listScenarios(folder === undefined ? ownScenarios(resourcesDir()) : resolve(folder));
    if (asJson) json(scenarios);
    else
      for (const { name, difficulty, title } of scenarios)
        out(`${name}  (difficulty ${difficulty})  ${title}`);
  });
drill
  .command('run')
  .description('plays a drill from alert to report, as fast as it can be computed')
  .argument('<scenario>')
  .option('--seed <n>', 'the same seed gives the same drill', wholeNumber, 1)
  .option('--scenarios <folder>', 'where it lies, when not among those of Countersign')
  .addOption(
    new Option('--approve <which>', 'which offered proposals are approved in your name')
      .choices(['none', 'first', 'all'])
      .default('none'),
  )
  .option('--json', 'one JSON document on standard output')
  .action(
    async (
      scenario: string,
      options: { seed: number; scenarios?: string; approve: 'none' | 'first' | 'all'; json?: boolean },
    ) => {
      const dir = dataDir();
      const ending = closer();
      try {
        const log = await takeDataDir(dir, ending);
        const result = await runDrill(
          {
            dataDir: dir,
            resourcesDir: resourcesDir(),
            ...(options.scenarios === undefined ? {} : { scenariosDir: resolve(options.scenarios) }),
            version: version(),
            logger: log.logger,
            onSecret: log.redact,
          },
          { scenario, seed: options.seed, approve: options.approve },
        );
        if (options.json) json(result);
        else tellDrill(result);
      } finally {
        await ending.closeAll();
      }
    },
  );

openCommand(drill);
generateCommand(drill);

program
  .command('rank')
  .description('ranks the candidates of a case file (countersign.case/1, .json or .json.gz)')
  .argument('<case>')
  .option('--json', 'one JSON document on standard output')
  .action(async (path: string, options: { json?: boolean }) => {
    const ranking = await rankFile(resolve(path));
    if (options.json) json(ranking);
    else tellRanking(ranking);
  });

generateCaseCommand(program);
ledgerCommands(program, dataDir);
guardCommands(program);
envelopeCommands(program, dataDir);
backupCommands(program, dataDir);
stopCommand(program, dataDir);
sentCommand(program, dataDir);
rbacCommand(program, dataDir);
replayCommand(program, dataDir);

program
  .command('report')
  .description('the post-incident draft of an incident')
  .argument('<incident>')
  .addOption(new Option('--format <format>', 'how it is written').choices(ReportFormat.options).default('md'))
  .action(async (incident: string, { format }: { format: ReportFormat }) => {
    const { content } = await storedReport(dataDir(), incident, format);
    if (format === 'md') document(String(content));
    else if (format === 'json') jsonText(String(content));
    // Made safe as they were written, or no text at all; one more escape would damage them.
    else process.stdout.write(content);
  });

function tellDrill(result: DrillResult): void {
  out(`${result.scenario}, seed ${result.seed}: incident ${result.incident}`);
  out(`\n${result.changes.length} changes in the window, the likeliest:`);
  tellRanked(result.changes);
  out('\nHypotheses:');
  for (const { rank, claim, confidence } of result.hypotheses)
    out(`  ${rank}. ${claim} (${Math.round(confidence * 100)} %)`);
  out('\nProposals:');
  for (const { title, verdict, progress } of result.proposals)
    out(`  ${title}: guard ${verdict.kind}, ${progress.state}`);
  out(`\nOutcome: ${result.outcome ?? 'nothing was executed'}`);
  tellDebrief(result.debrief);
  out(`Ledger: ${result.ledger.size} entries, ${result.ledger.verified ? 'verified' : 'does not hold'}`);
}

function tellDebrief({ score, parts, truth }: DrillResult['debrief']): void {
  out(`\n${truth.conclusion}`);
  out(`Score: ${score} of 100`);
  for (const { name, points, of, sentence } of parts) out(`  ${name}: ${points} of ${of}. ${sentence}`);
}

function tellRanking({ onset, changes, services, novelty }: Ranking): void {
  out(
    `Onset: ${onset ?? 'not found'}; ${Math.round(novelty * 100)} % that the cause is not among the candidates`,
  );
  out('\nChanges:');
  tellRanked(changes);
  out('\nServices:');
  tellRanked(services);
}

const MOST_TOLD = 8;

function tellRanked(ranked: readonly Ranked[]): void {
  for (const [index, { id, score, reasons }] of ranked.slice(0, MOST_TOLD).entries()) {
    out(`  ${index + 1}. ${score.toFixed(3)} ${id}`);
    for (const reason of reasons) out(`       ${reason}`);
  }
  if (ranked.length > MOST_TOLD) out(`  and ${ranked.length - MOST_TOLD} more`);
}

async function main(): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
      return;
    }
    aside(messageOf(error));
    process.exitCode = exitCodeOf(error);
  }
}

void main();
