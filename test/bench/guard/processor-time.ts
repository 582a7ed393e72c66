/** Milliseconds of this thread's processor that `work` took: the same on a machine that does other things besides. */
export function processorMs(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
