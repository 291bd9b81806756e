// A few purchases: does it quote and sell at all? See load/README.md.
import { prepare } from './prepare.ts';

const scenario = prepare('smoke');
export const { options, setup, handleSummary } = scenario;
export default scenario.play;
