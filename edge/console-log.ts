import type { EdgeConfig } from './config.ts';
import type { EdgeLog } from './context.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** JSON lines through `console`, in the shape of the other services' logs: for runtimes that pino does not know. */
export function consoleLog(config: Pick<EdgeConfig, 'REGION' | 'LOG_LEVEL'>): EdgeLog {
  const base = { service: 'edge', region: config.REGION };
  const from = LEVELS.indexOf(config.LOG_LEVEL);
  const at = (level: 'info' | 'warn' | 'error') => {
    if (LEVELS.indexOf(level) < from) return () => undefined;
    return (fields: object, message: string) => {
      const line = { level, time: new Date().toISOString(), ...base, ...fields, msg: message };
      console[level](JSON.stringify(line, showErrors));
    };
  };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

/** An Error has no fields of its own that JSON would show. */
function showErrors(_name: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { type: value.name, message: value.message, stack: value.stack, cause: value.cause };
}
