import { isSampled, newSpanId, readTraceparent, writeTraceparent } from './traceparent.ts';
import type { Span, Tracer } from './tracer.ts';

/** A span under way. */
export interface OpenSpan {
  /** Of this span, for whoever goes on from it. */
  readonly traceparent: string;
  end(outcome: Pick<Span, 'failed'> & Partial<Pick<Span, 'attributes'>>): void;
}

interface Beginning extends Pick<Span, 'kind' | 'name' | 'attributes'> {
  /** The `traceparent` that it goes on from. */
  readonly parent: string | undefined;
}

/** Begins a child of a trace that is recorded; undefined when it is not. */
export function beginSpan(tracer: Tracer, beginning: Beginning): OpenSpan | undefined {
  const parent = readTraceparent(beginning.parent ?? '');
  if (!parent || !isSampled(parent)) return undefined;
  const { traceId, flags } = parent;
  const { kind, name } = beginning;
  const [spanId, startMs] = [newSpanId(), tracer.now()];
  return {
    traceparent: writeTraceparent({ traceId, spanId, flags }),
    end({ failed, attributes }) {
      const all = { ...beginning.attributes, ...attributes };
      const times = { startMs, endMs: tracer.now() };
      tracer.record({ traceId, spanId, parentId: parent.spanId, kind, name, attributes: all, failed, ...times });
    },
  };
}
