// Whole sales, from the quote to the cancellation; every answer is checked. See load/README.md.
import { prepare } from './prepare.ts';

const scenario = prepare('sale');
export const { options, setup, handleSummary } = scenario;
export default scenario.play;
