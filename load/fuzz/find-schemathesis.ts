import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where it may be installed beside the project. */
const OWN = '.local/tools/schemathesis/bin';
const INSTALL =
  'schemathesis is not installed: python3 -m venv .local/tools/schemathesis && ' +
  '.local/tools/schemathesis/bin/pip install -r load/fuzz/requirements.txt';

/** The path of its program `st`: of `.local/tools`, else of PATH. Throws a sentence that says how to install it. */
export async function findSchemathesis(path = process.env['PATH'] ?? ''): Promise<string> {
  for (const folder of [resolve(OWN), ...path.split(':').filter((each) => each !== '')]) {
    const program = join(folder, 'st');
    const found = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return program;
  }
  throw new Error(INSTALL);
}
