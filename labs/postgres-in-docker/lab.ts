import { defineLab } from '../../src/kit.ts';

export default defineLab({
  image: 'postgres',
  ports: { port: 6700, 'other.port': 6701 },
});
