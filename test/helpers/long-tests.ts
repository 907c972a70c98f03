/** Whether `npm run test:long` runs: what `npm test` does in part is done whole. */
export const isLong = process.env['LONG_TESTS'] === 'yes';
