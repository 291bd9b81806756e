// R6, the recorded peak: 50 quotes and 10 policies a second. See load/README.md.
import { prepare } from './prepare.ts';

const scenario = prepare('peak');
export const { options, setup, handleSummary } = scenario;
export default scenario.play;
