/** The run of the tests on engines in trouble, and what its engine is given. */
import { join } from 'node:path';

export const RUN = 'troubled';

export const TARBALL = join(process.env.PGLAB_IMAGES ?? '', 'postgres-17.tar');

export const SETTINGS = { PGLAB_IMAGE: 'postgres:17', PGLAB_PORT: '6580' };
