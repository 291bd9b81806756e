import { createMockBackend } from './mock-backend.ts';
import { describeUpstash } from './upstash.conformance.ts';

describeUpstash('ioredis-mock', async () => createMockBackend());
