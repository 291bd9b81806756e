// Five times the peak out of a quiet moment; 10 s later all must be as before. See load/README.md.
import { prepare } from './prepare.ts';

const scenario = prepare('spike');
export const { options, setup, handleSummary } = scenario;
export default scenario.play;
