import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { at, Stop, tell } from './places.mjs';

const lock = at('.cache/preparing');
const WAIT_MS = 10 * 60_000;
/** Between making the folder and writing the number into it lies a moment. */
const UNNAMED_MS = 5_000;

/** Runs `work` while no other process of this checkout does; what a dead one left behind is taken over. */
export async function oneAtATime(work) {
  mkdirSync(at('.cache'), { recursive: true });
  const untilMs = Date.now() + WAIT_MS;
  let told = false;
  while (!take()) {
    const pid = holderIn(lock);
    if (isAbandoned(pid)) breakLock(pid);
    else if (Date.now() > untilMs) {
      throw new Stop(
        3,
        `Another start has been preparing this checkout for ten minutes. If none runs, delete ${lock}.`,
      );
    } else {
      if (!told) tell('Another start is preparing this checkout; waiting for it.');
      told = true;
      await pause(200);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take() {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new Stop(3, `${lock} cannot be written: ${error.message}`);
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  return true;
}

/** The holder's process id; undefined before it is written, or when the lock is gone by now. */
function holderIn(folder) {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAbandoned(pid) {
  if (pid !== undefined) return !isAlive(pid);
  const made = statSync(lock, { throwIfNoEntry: false });
  return made !== undefined && Date.now() - made.mtimeMs > UNNAMED_MS;
}

/** Moved aside first: of two that find the same lock abandoned, the slower one must not remove the faster one's new lock. */
function breakLock(pid) {
  const aside = `${lock}-${process.pid}-abandoned`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // The other one was faster.
  }
  if (holderIn(aside) === pid) rmSync(aside, { recursive: true, force: true });
  else renameSync(aside, lock);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
