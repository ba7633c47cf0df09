import { defineLab, postgres } from '../../src/kit.ts';

export default defineLab({
  image: 'postgres',
  ports: { port: 6700, 'other.port': 6701 },
  service: postgres,
});
