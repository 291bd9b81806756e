// R7: a partner that asks twelve times as much as agreed; nobody else must notice. See load/README.md.
import { prepare } from './prepare.ts';

const scenario = prepare('noisy-partner');
export const { options, setup, handleSummary } = scenario;
export default scenario.play;
