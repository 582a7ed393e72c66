import { useEffect, useState } from 'react';

/** A value that changes in bursts (a text that is typed, a ledger that grows), once it rested so long. */
export function useSettled<T>(value: T, restMs: number): T {
  const [settled, settle] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return settled;
}
