/**
 * Who may import whom. The first row whose `of` matches a file is that file's row. It may import what `may` matches, as
 * types alone also what `types` matches, and always its own folder (the part of `of` before `**`), shared/ and, under
 * electron/, platform/. Nothing else of the project.
 */
export const table = [
  { of: 'electron/{main,preload}.ts', may: ['electron/{desktop,host}/**'] },
  { of: 'electron/serve.ts', may: ['electron/{web,host}/**'] },
  { of: 'electron/cli.ts', may: ['electron/{cli,host}/**'] },
  { of: 'electron/cli/**', may: ['electron/host/**'] },
  { of: 'electron/desktop/**', types: ['electron/{host,vault}/**'] },
  { of: 'electron/web/**', types: ['electron/host/**'] },
  {
    of: 'electron/host/**',
    may: [
      'electron/{analyst,proposals,guard,actions,correlation,timeline,memory,reports,drills,connectors,sandbox,telling,ledger,vault,store}/**',
    ],
  },
  {
    of: 'electron/analyst/**',
    may: ['electron/{proposals,actions,correlation,timeline,memory,ledger}/**'],
    types: ['electron/connectors/**'],
  },
  { of: 'electron/proposals/**', may: ['electron/{guard,actions,timeline,ledger,store}/**'] },
  { of: 'electron/guard/**', may: ['electron/{ledger,store}/**'] },
  // One file an action; none imports another, only all.ts lists them.
  { of: 'electron/actions/all.ts', may: ['electron/actions/*.ts'] },
  // What several actions are written with knows none of them.
  { of: 'electron/actions/parts/**', types: ['electron/{connectors/**,actions/action.ts}'] },
  {
    of: 'electron/actions/*.ts',
    may: ['electron/actions/{action.ts,parts/**,traffic/**}'],
    types: ['electron/connectors/**'],
  },
  // The ways of one action: they know neither it nor another.
  {
    of: 'electron/actions/traffic/**',
    may: ['electron/actions/{action.ts,parts/**}'],
    types: ['electron/connectors/**'],
  },
  { of: 'electron/correlation/**' },
  { of: 'electron/timeline/**', may: ['electron/store/**'], types: ['electron/connectors/**'] },
  { of: 'electron/{memory,reports}/**', may: ['electron/{ledger,store}/**'] },
  // Pure: it judges a drill that has ended from what is on record and the answer.
  { of: 'electron/drills/**', types: ['electron/{sandbox,store,ledger}/**'] },
  // One folder a system; none imports another, only what lies beside them.
  { of: 'electron/connectors/*.ts', may: ['electron/connectors/*.ts'] },
  { of: 'electron/connectors/*/**', may: ['electron/connectors/*.ts'] },
  { of: 'electron/sandbox/**' },
  // It writes out what the host's events say, and knows nothing else.
  { of: 'electron/telling/**' },
  { of: 'electron/ledger/**', may: ['electron/store/**'], types: ['electron/vault/**'] },
  { of: 'electron/vault/**', may: ['electron/store/**'] },
  { of: 'electron/store/**' },
  { of: 'electron/platform/**' },
  { of: 'renderer/app/**', may: ['renderer/**'] },
  { of: 'renderer/state/**', may: ['renderer/bridge/**'] },
  { of: 'renderer/{bridge,ui}/**' },
  { of: 'renderer/*/**', may: ['renderer/{state,ui}/**'] },
  { of: 'shared/bridge/**', may: ['shared/{formats,vocabulary}/**'] },
  { of: 'shared/formats/**', may: ['shared/vocabulary/**'] },
  { of: 'shared/vocabulary/**' },
];

/** What everybody below a folder may import besides: shared/ is itself ordered by its rows above. */
export const everybody = [
  { of: 'electron/**', may: ['electron/platform/**', 'shared/**'] },
  { of: 'renderer/**', may: ['shared/**'] },
];

/** Packages that not everybody may import, and the only ones shared/ may. */
export const packages = [
  { of: 'shared/**', only: ['zod'], because: 'both sides use it, so it has neither Node nor a browser' },
  {
    of: 'renderer/**',
    never: ['electron', 'node:*', 'node:*/**'],
    because: 'the screen reaches the host through the bridge alone',
  },
  {
    of: 'electron/{main.ts,preload.ts,desktop/**}',
    because: 'this is the desktop shell',
  },
  {
    of: 'electron/**',
    never: ['electron'],
    because: 'only main.ts, preload.ts and desktop/ know that they run in Electron',
  },
];
