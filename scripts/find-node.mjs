import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { at, Stop } from './places.mjs';

export const NEEDED_NODE = 24;

/** The Node 24 that came with the packages, else the one running this if it is new enough. */
export function findNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const installed = at(`node_modules/node-${system}-${process.arch}/bin/${program}`);
  if (existsSync(installed)) return installed;
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_NODE) return process.execPath;
  throw new Stop(
    3,
    `Countersign needs Node ${NEEDED_NODE} or newer, and no package of it exists for ${process.platform}-${process.arch}: install it from https://nodejs.org and try again (this is ${process.versions.node}).`,
  );
}

/** The environment for what is started: its own `node` is the same one, and it starts faster the second time. */
export function environmentFor(node) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_?/i.test(name)),
  );
  return {
    ...inherited,
    PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? at('.cache/compiled'),
  };
}
