import { afterAll, beforeAll } from 'vitest';
import { openVictim, type Victim } from './attacker.testing.ts';
import { attackObjects } from './owasp/api1-objects.testing.ts';
import { attackAuthentication } from './owasp/api2-authentication.testing.ts';
import { attackProperties } from './owasp/api3-properties.testing.ts';
import { attackResources } from './owasp/api4-resources.testing.ts';
import { attackFunctions } from './owasp/api5-functions.testing.ts';
import { attackFlows } from './owasp/api6-flows.testing.ts';
import { attackByForgedRequests } from './owasp/api7-request-forgery.testing.ts';
import { attackMisconfiguration } from './owasp/api8-misconfiguration.testing.ts';
import { attackInventory } from './owasp/api9-inventory.testing.ts';
import { attackThroughInsurers } from './owasp/api10-consumption.testing.ts';

// OWASP API Security Top 10, 2023: an attack of each kind on a region that runs as its users have it.

let open: Victim;
beforeAll(async () => {
  open = await openVictim();
});
afterAll(() => open[Symbol.asyncDispose]());

const victim = () => open;
attackObjects(victim);
attackAuthentication(victim);
attackProperties(victim);
attackResources(victim);
attackFunctions(victim);
attackFlows(victim);
attackByForgedRequests(victim);
attackMisconfiguration(victim);
attackInventory(victim);
attackThroughInsurers(victim);
