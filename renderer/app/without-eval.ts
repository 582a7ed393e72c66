import { z } from 'zod';

/**
 * Zod would otherwise try to compile its checks with `new Function`, which the content policy refuses and reports.
 * INVARIANT: imported before anything that makes a schema; the entry imports it and nothing else that would.
 */
z.config({ jitless: true });
