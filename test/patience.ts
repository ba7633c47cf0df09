/**
 * How long a test waits for what must come, ms: it ends a wait in vain, and measures nothing. A machine that others keep
 * busy takes ten times what an idle one does.
 */
export const PATIENCE_MS = 240_000;
