import { amur } from './amur.ts';
import { baikal } from './baikal.ts';
import { don } from './don.ts';
import { kama } from './kama.ts';
import { lena } from './lena.ts';
import { neva } from './neva.ts';
import { oka } from './oka.ts';
import type { Simulator } from './simulator.ts';
import { ural } from './ural.ts';
import { volga } from './volga.ts';
import { yenisei } from './yenisei.ts';

/** The insurers there are. A start with a number of them takes the first ones. */
export const SIMULATORS: readonly Simulator[] = [volga, don, ural, lena, baikal, kama, amur, yenisei, neva, oka];

/** How many of them stand around a system unless it is told otherwise. */
export const DEFAULT_INSURERS = 5;
