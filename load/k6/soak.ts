// R6 for an hour, or for DURATION. See load/README.md.
import { prepare } from './prepare.ts';

const scenario = prepare('soak');
export const { options, setup, handleSummary } = scenario;
export default scenario.play;
