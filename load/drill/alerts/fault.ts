import type { Stage } from './start-stage.ts';

/** Something that goes wrong in the first region, and the one alert that must tell it. */
export interface Fault {
  readonly alert: string;
  /** Whether it needs a real Kafka, or services that are processes of their own. */
  readonly needsKafka: boolean;
  /** An alert that tells of its beginning, before it is what it is called. */
  readonly after?: string;
  /** Makes it so; resolves when it is. */
  inject(stage: Stage): Promise<Injected>;
}

export interface Injected {
  /** Puts all right again. */
  heal(): Promise<void>;
  /** When it began, by `performance.now()`; without it, when it was asked for. */
  readonly since?: number;
}
