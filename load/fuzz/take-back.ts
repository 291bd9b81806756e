import type { Demo } from '../../local/read-demo.ts';

/** Puts the region back into service, which an operator's calls may have drained. */
export async function takeBack(demo: Demo | undefined): Promise<void> {
  const region = demo?.regions[0];
  if (!demo || !region) return;
  const answer = await fetch(`${region.core}/v1/drain`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${demo.keys.operator}`, 'content-type': 'application/json' },
    body: JSON.stringify({ drained: false, reason: 'the end of npm run fuzz' }),
  });
  if (!answer.ok) throw new Error(`The region ${region.name} may be left drained: PUT /v1/drain was ${answer.status}`);
}
