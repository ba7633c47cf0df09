import { defineLab } from 'pglab';

export default defineLab({ image: 'postgres:17', ports: {} });
