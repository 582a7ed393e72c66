import { parseArgs } from 'node:util';
import { Stop } from './places.mjs';

export const USAGE = `Usage: npm start -- [options]

Installs and builds what is needed, then opens Countersign: as a desktop application where Electron can be had,
otherwise (or with --serve) in the browser, on loopback.

  --serve           serve on loopback at once, without looking for Electron
  --port N          the port to serve on; a free one by default
  --no-open         do not open the browser
  --data-dir DIR    where incidents, drills and ledgers are kept (or COUNTERSIGN_DATA_DIR)
  --help            this text

While it serves, Enter in its terminal prints another one-time link, Ctrl-C stops it.
Exit codes: 0 stopped, 2 wrong usage, 3 something needed failed (a taken port, a second start on the same data).
`;

const options = {
  serve: { type: 'boolean' },
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean' },
};

export function startOptions(args) {
  const values = parsed(args);
  if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) <= 65_535)) {
    throw new Stop(2, `--port takes a whole number from 0 to 65535, not "${values.port}".`);
  }
  if (values['data-dir'] === '') throw new Stop(2, '--data-dir takes a folder.');
  return {
    help: values.help ?? false,
    // A port is something only a server has.
    serve: values.serve ?? values.port !== undefined,
    open: !values['no-open'],
    port: values.port,
    dataDir: values['data-dir'],
  };
}

function parsed(args) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    // Node goes on with advice, in lines of its own.
    throw new Stop(2, `${error.message.split(/\.?\s*\n|\. /)[0]}. Try --help.`);
  }
}
